#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than any message carries, so that a packet with too many descriptors is
 * seen as such; the kernel closes those beyond. */
#define DESCRIPTORS_SEEN 16

/* 0 for a type that this version does not know. */
static size_t message_size(uint32_t type) {
  switch (type) {
  case WIRE_HELLO:
    return sizeof(WireHello);
  case WIRE_RUN:
    return sizeof(WireRun);
  case WIRE_STOP:
    return sizeof(WireStop);
  case WIRE_DONE:
    return sizeof(WireDone);
  default:
    return 0;
  }
}

static unsigned message_descriptors(uint32_t type) {
  return type == WIRE_RUN ? WIRE_RUN_FDS : 0;
}

int wire_send(int socket, WireType type, WireMessage *message, const int *descriptors,
              unsigned count) {
  size_t size = message_size(type);
  if (size == 0 || count != message_descriptors(type)) {
    errno = EINVAL;
    return -1;
  }
  message->head.version = WIRE_VERSION;
  message->head.type = type;

  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(WIRE_RUN_FDS * sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct iovec part = {.iov_base = message, .iov_len = size};
  struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > 0) {
    packet.msg_control = control.bytes;
    packet.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&packet);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(rights), descriptors, count * sizeof(int));
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &packet, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -1 : 0;
}

/* Gathers the descriptors of a packet; all are the caller's then. */
static unsigned packet_descriptors(struct msghdr *packet, int *descriptors) {
  unsigned count = 0;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(packet); part; part = CMSG_NXTHDR(packet, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
      continue;
    size_t here = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < here && count < DESCRIPTORS_SEEN; i++)
      memcpy(&descriptors[count++], CMSG_DATA(part) + i * sizeof(int), sizeof(int));
  }
  return count;
}

int wire_receive(int socket, WireMessage *message, int *descriptors) {
  WireMessage arrived;
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(DESCRIPTORS_SEEN * sizeof(int))];
  } control;
  struct iovec part = {.iov_base = &arrived, .iov_len = sizeof arrived};
  struct msghdr packet = {.msg_iov = &part,
                          .msg_iovlen = 1,
                          .msg_control = control.bytes,
                          .msg_controllen = sizeof control.bytes};
  ssize_t size;
  do {
    size = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size <= 0)
    return (int)size;

  int carried[DESCRIPTORS_SEEN];
  unsigned count = packet_descriptors(&packet, carried);
  if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || (size_t)size < sizeof(WireHead) ||
      arrived.head.version != WIRE_VERSION || (size_t)size != message_size(arrived.head.type) ||
      count != message_descriptors(arrived.head.type) || (count > 0 && !descriptors)) {
    while (count > 0)
      close(carried[--count]);
    errno = EPROTO;
    return -1;
  }
  memcpy(message, &arrived, (size_t)size);
  if (count > 0)
    memcpy(descriptors, carried, count * sizeof(int));
  return 1;
}
