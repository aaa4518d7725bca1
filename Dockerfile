# syntax=docker/dockerfile:1
# The application: every process of it, named by the container's argument (`gateway`, `worker`, …).
#   docker build -t registry.example.com/armature:1.0.0 .

FROM node:22.20.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node tools/image-tree.js /tree

# Node and what it links to: no shell, no package manager.
FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
COPY --from=build --chown=0:0 /tree /app
# As a number, so that Kubernetes can see that it is not root.
USER 65532:65532
ENV NODE_ENV=production
# Asks whichever process runs here. Kubernetes has probes of its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/nodejs/bin/node", "/app/build/cli/main.js", "health"]
ENTRYPOINT ["/nodejs/bin/node", "--disable-warning=ExperimentalWarning", "/app/build/cli/main.js", "serve"]
CMD ["gateway"]
