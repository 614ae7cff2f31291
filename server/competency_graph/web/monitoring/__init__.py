"""What operators see of the service: a log line for each request, its health, and metrics."""
