# The image of web, worker, report and scheduler: see docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN python -m collectievekracht.local build
# These secrets serve this step alone; the image holds none.
RUN SECRET_KEY=build UNSUBSCRIBE_KEY=build SUPPRESSION_KEY=build python manage.py collectstatic --no-input

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin platform \
    && install -d -o platform -g platform -m 700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA=/data BIND=0.0.0.0 PORT=8000
WORKDIR /app
USER platform
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "collectievekracht.local", "healthy"]
CMD ["python", "-m", "gunicorn", "--config", "python:collectievekracht.gunicorn", "collectievekracht.wsgi"]
