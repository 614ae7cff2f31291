"""Where requests run apart: in processes that are ended when they cost too much.

It uses the rooms below it for the work itself. Start with `worker_pool`, which a server asks;
`fork_server` is the process that forks the workers, `admission` says who waits and who is refused,
and `query_request` and `validation_request` are what a worker is asked.
"""
