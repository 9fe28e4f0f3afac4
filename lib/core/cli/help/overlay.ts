/** `hexad help overlay`. Source: docs/overlay.md. Pure. */
export const text =
  `/init is for images that were made for s6-overlay, or are to have scripts at start and end besides
their services.

  ADD hexad-overlay-x86_64.tar.gz /
  ENTRYPOINT ["/init"]

What it does with the files of the image, in this order:

  /etc/fix-attrs.d/*                  owners and modes: path, recursive?, account, mode of files,
                                      mode of directories
  /etc/cont-init.d/*                  scripts, one after the other
  /etc/services.d/NAME/               service directories, which are supervised
  the CMD of the image                runs when all that is up; its end is the end of the container,
                                      with its exit code
  /etc/cont-finish.d/*                scripts, when everything has stopped

Variables, among others:

  S6_BEHAVIOUR_IF_STAGE2_FAILS=2      a script that fails ends the container
  S6_CMD_WAIT_FOR_SERVICES_MAXTIME    milliseconds that the CMD waits for services
  S6_KEEP_ENV=1                       scripts have the container's environment without with-contenv
  S6_READ_ONLY_ROOT=1                 the root is read-only
  S6_RUNDIR=DIR                       everything that would be in /run is in DIR
  S6_LOGGING_PREFIX=name              lines of services without a logger begin with the service's name

with-contenv PROGRAM gives a program the container's environment. The commands are in /command:

  docker exec -it CONTAINER hexad status
`;
