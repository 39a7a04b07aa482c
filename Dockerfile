# The service in one container: docker build -t lens-rx . &&
# docker run -p 127.0.0.1:3002:5000 --security-opt seccomp=chromium-seccomp.json -e LENS_RX_AUTH=none -e OPENAI_API_KEY lens-rx
# An exact base: --build-arg BASE=debian:bookworm-slim@sha256:…
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/lens_rx
WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY static static
COPY lens_rx lens_rx
RUN /opt/lens_rx/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[sandbox,mcp,uvloop]'
# the bill of materials: all Python packages, as CycloneDX; Debian's are added below
RUN python3 -m venv /opt/sbom \
 && /opt/sbom/bin/pip install --no-cache-dir --disable-pip-version-check cyclonedx-bom==7.5.0 \
 && /opt/sbom/bin/cyclonedx-py environment --output-reproducible --output-file /opt/lens_rx/sbom.cdx.json /opt/lens_rx

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      chromium curl fonts-dejavu-core python3 tini xauth xvfb \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/lens_rx /opt/lens_rx
COPY static/sample.jpg /photos/sample.jpg
# a visible browser needs a display, which Xvfb gives it
RUN printf '%s\n' '#!/bin/sh' \
      'case "${LENS_RX_HEADLESS:-true}" in' \
      '  false|0|no) exec xvfb-run -a -s "-screen 0 1280x1024x24" lens-rx "$@" ;;' \
      '  *) exec lens-rx "$@" ;;' \
      'esac' > /usr/local/bin/lens-rx-with-display \
 && chmod +x /usr/local/bin/lens-rx-with-display \
 && dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\n' > /opt/lens_rx/debian-packages.tsv \
 && useradd --uid 10001 --create-home lens \
 && mkdir /data && chown lens /data
ENV PATH=/opt/lens_rx/bin:$PATH LENS_RX_STORE=/data/lens_rx.db LENS_RX_TOKENS_FILE=/data/tokens.json \
    PYTHONUNBUFFERED=1
USER lens
# the sandbox recognises its things by pictures, which are drawn once
RUN python -c "from lens_rx.sandbox.image_match import image_matcher; image_matcher().warm()"
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD curl -fsS http://127.0.0.1:5000/healthz || exit 1
ENTRYPOINT ["tini", "-g", "--", "lens-rx-with-display"]
CMD ["serve", "--host", "0.0.0.0", "--port", "5000"]
