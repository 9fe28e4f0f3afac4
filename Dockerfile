# Builds hexad from this directory, with nothing on the machine but a container engine.
#
#   docker build --tag hexad .                                   an image with hexad and nothing else: FROM it, and COPY services to /service
#   docker build --target tarballs --output type=local,dest=out .    only the tarball, to ADD to any image
#
# What is used is pinned: the base by its digest (its C library becomes hexad's own), Deno and the base runtime by version and digest in
# the build. Another base must be Debian with Node: the build installs what else it needs.
ARG BASE=docker.io/library/node:22.23.2-bookworm-slim@sha256:f32b81066cde10a75dbac96646099533316d94bac4150c55da1636e1f0ffdc46

FROM ${BASE} AS build
WORKDIR /hexad
COPY . .
RUN npx -y deno@2.9.6 task build
RUN mkdir -p /image/usr /image/service && tar --extract --gzip --file dist/hexad-x86_64.tar.gz --directory /image/usr

FROM scratch AS tarballs
COPY --from=build /hexad/dist/hexad-x86_64.tar.gz /

FROM scratch
COPY --from=build /image /
CMD ["/usr/bin/s6-svscan", "/service"]
