# Two images of one file: `--target slim` has Octavo alone, `--target full` (the default) the engines for office files and web pages too.
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts \
  && npm run build \
  && npm pack --workspaces --pack-destination /packed

FROM node:${NODE} AS slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap iproute2 \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin octavo \
  && install --directory --owner octavo --mode 0700 /data
# The image brings Node 24: the package that has it for older ones is left out.
RUN --mount=type=bind,from=build,source=/packed,target=/packed \
  npm install --global --ignore-scripts --omit=dev /packed/*.tgz \
  && rm -rf /usr/local/lib/node_modules/octavo/node_modules/node-linux-* \
  && npm cache clean --force
ENV OCTAVO_HOST=0.0.0.0 \
  OCTAVO_DATA_DIR=/data
USER octavo
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.OCTAVO_PORT || 8080) + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["octavo"]
CMD ["serve"]

FROM slim AS full
USER root
RUN octavo engines && rm -rf /var/lib/apt/lists/*
USER octavo
