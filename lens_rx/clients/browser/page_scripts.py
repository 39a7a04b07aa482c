"""JavaScript functions that are evaluated in any page."""

#: Returns the document as it stands, cut.
HTML = "limit => document.documentElement ? document.documentElement.outerHTML.slice(0, limit) : ''"

#: Ends loading, timers and listeners, and empties the page: the next one can be opened from it. One that is still
#: being read counts as not stopped: that it is empty says nothing of what its scripts go on to do.
STOP = """() => {
  const isRead = document.readyState !== "loading";
  window.stop();
  const last = setTimeout(() => 0);
  for (let timer = Math.max(0, last - 10000); timer <= last; timer++) clearTimeout(timer);
  try { document.open(); document.close(); } catch { /* a document of another type */ }
  return isRead && !(document.body && document.body.firstChild);
}"""
