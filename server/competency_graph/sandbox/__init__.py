"""Sandboxed execution of requests, in processes that are killed when they exceed a limit.

It uses the lower rooms for the actual work. Start with `worker_pool`, the interface for servers;
`fork_server` is the process that forks the workers, `scheduler` decides which requests run,
wait (`fair_queue`) and are refused, and `turns` shares processors among those that take long.
What a request is, is in `request`; `query_request`, `validation_request`, `link_request` and
`index_request` are those that workers answer.
"""
