# Front-end files: only what assets.mjs builds leaves this stage.
FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY assets.mjs ./
COPY static static
RUN node assets.mjs

# Python packages, exactly as locked; wheels only, so that no compiler is needed.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 --home-dir /data --no-create-home gangyao \
    && install --directory --owner gangyao --mode 0750 /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /app/build build
# Static files belong to the image: a new version brings its own, whatever the volume holds.
RUN DATA_DIR=/app/scratch python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /app/scratch
USER gangyao
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--no-control-socket"]
