# Builds hexad from this directory, with nothing on the machine but a container engine.
#
#   docker build --tag hexad .                                           s6-svscan and nothing else: FROM it, and COPY services to /service
#   docker build --target overlay --tag hexad-overlay .                  /init and nothing else: FROM it, and COPY services to /etc/services.d
#   docker build --target tarballs --output type=local,dest=out .        only the tarballs, to ADD to any image
#
# --platform linux/amd64 or linux/arm64 says for which machine.
#
# What is used is pinned: the base by its digest (its C library becomes hexad's own), Deno and the base runtime by version and digest in
# the build. Another base must be Debian with Node: the build installs what else it needs.
ARG BASE=docker.io/library/node:22.23.2-bookworm-slim@sha256:f32b81066cde10a75dbac96646099533316d94bac4150c55da1636e1f0ffdc46

# the build itself runs on x86-64, whatever it builds for
FROM --platform=linux/amd64 ${BASE} AS build
ARG TARGETARCH=amd64
WORKDIR /hexad
COPY . .
RUN npx -y deno@2.9.6 task build --arch "$TARGETARCH"
RUN mkdir -p /image/usr /image/service && tar --extract --gzip --file dist/hexad-[xa]*.tar.gz --directory /image/usr
RUN mkdir -p /overlay && tar --extract --gzip --file dist/hexad-overlay*.tar.gz --directory /overlay

FROM scratch AS tarballs
COPY --from=build /hexad/dist/hexad-*.tar.gz /

FROM scratch AS overlay
LABEL org.opencontainers.image.title="hexad-overlay" \
      org.opencontainers.image.description="An init for containers: services, scripts at start and end, a command" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="ISC"
COPY --from=build /overlay /
ENV PATH=/command:/usr/bin:/bin
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 CMD ["/command/hexad", "health"]
ENTRYPOINT ["/init"]

FROM scratch AS svscan
LABEL org.opencontainers.image.title="hexad" \
      org.opencontainers.image.description="The supervision suite s6 for containers, in one binary" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="ISC"
COPY --from=build /image /
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 CMD ["/usr/bin/hexad", "health"]
CMD ["/usr/bin/s6-svscan", "/service"]
