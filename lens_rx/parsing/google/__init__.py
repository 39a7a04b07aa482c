"""Google's pages: look-alikes of a Lens result page, results of a web search."""
