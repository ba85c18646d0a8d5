# Copydesk with what a shared crawl needs. Build: docker build -t copydesk .
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.txt ./
COPY cleaners cleaners
COPY pipelines pipelines
COPY crawler crawler
COPY copydesk copydesk
RUN pip install --no-cache-dir --prefix /install --require-hashes -r requirements.txt \
    && pip install --no-cache-dir --prefix /install 'redis>=5.2' 'prometheus-client>=0.21' \
    && pip install --no-cache-dir --prefix /install --no-deps .

FROM python:3.11-slim
COPY --from=build /install /usr/local
RUN useradd --create-home --uid 10001 copydesk && mkdir /data && chown copydesk /data
USER copydesk
WORKDIR /data
VOLUME /data
ENV PYTHONUNBUFFERED=1
# A crawl that serves its metrics is alive.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9410/metrics', timeout=4)"]
ENTRYPOINT ["copydesk"]
CMD ["--help"]
