"""Plain HTTP: a reader of public pages with its crawl policy, and the base of the clients of official APIs."""
