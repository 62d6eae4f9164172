"""Tables of requests that are sent to the original server and to Roost, whose answers must agree."""
