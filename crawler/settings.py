"""Scrapy settings of the project: polite by default, bounded in time and size, closed to the outside."""

from importlib.metadata import version

from scrapy.settings import default_settings

BOT_NAME = "copydesk"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"
ADDONS = {
    "crawler.running.writing.DurableOutput": 500,
    "crawler.fetching.rendering.Rendering": 510,
    "crawler.running.shared.SharedDelays": 520,
}

# The name that we send. Add an address or a page of your own (-s USER_AGENT=…) so that a site's owner can reach you.
USER_AGENT = f"copydesk/{version('copydesk')} (article crawler; obeys robots.txt)"

# Politeness.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "copydesk"
ROBOTSTXT_ERROR_FORBIDS = True  # a host whose robots.txt answers 5xx or 429 is left for the next run (RFC 9309)
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 2  # a page gives one record; Scrapy starts as many tasks for every page
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0  # seconds between requests to one host
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0  # seconds
AUTOTHROTTLE_MAX_DELAY = 60.0  # seconds
CRAWL_DELAY_MAX = 60.0  # seconds; a longer Crawl-delay in robots.txt is cut to this, with a line in the log
OBEY_NOINDEX = False  # True: a page that says noindex, noarchive or reserves text mining is not written
HOST_FAILURES = 5  # failures in a row after which a host is set aside
BACKOFF = 5.0  # seconds a host is left alone after 429 or 503 that names no time; doubles each time
BACKOFF_MAX = 3600.0  # seconds; a longer Retry-After is cut to this
HOST_PAUSE = 60.0  # seconds of the first pause of such a host; doubles each time
HOST_PAUSES = 4  # pauses after which what is left of the host is given up
COOKIES_ENABLED = False  # every page as a first visitor sees it

# Limits.
REFETCH_AGE = None  # days; a further run fetches articles again that it last fetched longer ago (0: all of them)
ONLY_NEW = False  # True: a further run fetches no article again, changed or not
DEPTH_MAX = 20  # links away from the seed
SITEMAPS_MAX = 1000  # sitemaps read from one seed; the protocol's largest index names 50,000, few sites have 1,000
BARREN_MAX = 3  # listings in a row that lead to no article not yet known, then the trail is left
ARTICLE_PAGES_MAX = 30  # pages joined to one article
DOWNLOAD_TIMEOUT = 60  # seconds a response, body included: endless ones are cut off
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, compressed or not: decompression bombs are cut off
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 8
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]
URLLENGTH_LIMIT = 2000
DNS_TIMEOUT = 20  # seconds

# Pages that need a browser, with the extra copydesk[render] and Chromium.
RENDER = "no"  # "seeds": where a seed row asks for it; "shells": also pages without text; "all": every page
RENDER_BROWSER = None  # path of the program; found by its usual names
RENDER_PAGES = 2  # pages in the browser at once, each in a context of its own
RENDER_TIMEOUT = 30.0  # seconds a page, from its first byte to its text
RENDER_SETTLE = 5.0  # of them at most for waiting until the page stops changing, and for scrolling
RENDER_SCROLLS = 5  # how often a page is scrolled to its end to make it load more
RENDER_MEMORY = 1024 * 1024 * 1024  # bytes of one page's process; then it is ended, and the page used as fetched

# What is written, and where. The command's -o sets Scrapy's FEEDS.
STORE = None  # the file that remembers addresses and records; None: beside the output
WRITE_LISTINGS = False  # True: records also for pages that are no articles
ARCHIVE = None  # a web archive (.warc.gz) for every response
ARCHIVE_ROTATE = 1 << 30  # bytes after which another file is begun; the WARC standard recommends about 1 GB
EXPLAIN = None  # a file for what was removed from each record, and where its fields come from
EXPLAIN_KEPT = False  # True: with the blocks that were kept
CHECK_AGAINST = None  # records of an earlier run: which sites changed since

# One frontier for many crawlers, with the extra copydesk[shared].
FRONTIER = None  # redis://HOST:6379/0?prefix=NAME; None: the crawl has its own, in its store
LEASE = 30.0  # seconds after which others get the hosts of a crawler that is not heard of
FRONTIER_PATIENCE = 60.0  # seconds to wait for a Redis that does not answer, then the crawl stops
SYNC_SECONDS = 2.0  # how often files are brought to the disk; with FRONTIER, pages are acknowledged then

# Which records are written: the fields of pipelines.selection.filters.Wanted. The others are counted by reason.
WANTED: dict[str, object] = {}
REJECTED = None  # a file of JSON Lines to which records that are left out are added, each with its reason

# Cleaning runs in worker processes.
CLEAN_WORKERS = 2
CLEAN_NICENESS = 5  # how much lower the priority of workers is than that of the process that fetches (0 to 19)
CLEAN_TIMEOUT = 30.0  # seconds a page; then its worker is killed and the page is reported
CLEAN_OPTIONS: dict[str, object] = {}  # fields of cleaners.options.CleanOptions
CLEAN_PLUGINS = True  # whether installed plug-ins take part in cleaning

# What a crawled page must not reach. Only http and https are fetched; hosts inside the network only if seeds.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawler.fetching.safety.PublicResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Parts.
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
SCHEDULER = "crawler.running.scheduler.Scheduler"
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetching.safety.PublicAddresses": 40,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the spider follows links of the seed's site alone
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # RobotsRules instead
    "crawler.fetching.robots_rules.RobotsRules": 100,
    "crawler.fetching.robots_rules.RobotsErrors": 545,  # above RetryMiddleware (550): what is left after the retries
    "crawler.fetching.retry_after.RetryAfter": 555,  # below it: every answer, before the retry is queued
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # Decompression instead
    "crawler.fetching.refusals.Decompression": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # Redirects instead
    "crawler.fetching.refusals.Redirects": 600,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # parses the page in the reactor
    "crawler.running.archiving.ArchiveMiddleware": 595,  # below Decompression (590): what came over the wire
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the frontier keeps the depth
}
ITEM_PIPELINES = {"crawler.running.writing.OutputPipeline": 900}
# Scrapy's own without two that are off: it imports what is listed, and these bring servers that take 0.3 s to load.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if name not in ("scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl")
}
EXTENSIONS = {
    "crawler.running.json_log.JsonLog": 0,
    "crawler.fetching.robots_rules.CrawlDelay": 100,
    "crawler.fetching.robots_length.LongRobots": 110,
    "crawler.running.quality.Quality": 150,
    "crawler.running.explanations.Explanations": 160,
    "crawler.running.progress.CrawlProgress": 200,
    "crawler.running.metrics.Metrics": 210,
    "scrapy.extensions.logstats.LogStats": None,  # crawler.running.progress says more
}
FEED_EXPORT_ENCODING = "utf-8"
METRICS_PORT = 0  # where /metrics is served for Prometheus, with the extra copydesk[metrics]; 0: nowhere
METRICS_HOST = "127.0.0.1"
PROGRESS_SECONDS = 10.0  # how often the log says how far the crawl is
LOG_JSON = False  # True: the log is lines of JSON
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.running.writing.BriefLog"
LOG_VERSIONS: list[str] = []
