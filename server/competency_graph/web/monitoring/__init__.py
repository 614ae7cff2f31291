"""What operators see of the service: a log line for each request (`logs`), and `metrics`."""
