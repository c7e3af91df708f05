package io.portcullis.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Hands over the object itself; it is immutable and never leaves the node. */
record LocalCodec<T>(String name) implements MessageCodec<T, T> {

  /**
   * Registers the type once: every {@link ServiceBus} of a Vert.x tries, and the bus has no
   * question to ask first.
   */
  static <T> void register(EventBus bus, Class<T> type) {
    try {
      bus.registerDefaultCodec(type, new LocalCodec<>("portcullis." + type.getSimpleName()));
    } catch (IllegalStateException alreadyRegistered) {
      // Another ServiceBus was first; its codec does the same.
      return;
    }
  }

  @Override
  public T transform(T body) {
    return body;
  }

  @Override
  public void encodeToWire(Buffer buffer, T body) {
    throw new UnsupportedOperationException("a service is asked on its own node");
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("a service is asked on its own node");
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
