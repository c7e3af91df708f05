package io.portcullis.audit;

import io.portcullis.model.AuditEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event on the event bus, on this node only. Exactly one side accounts for it: the journal's, if
 * it takes it in time, else the sender's.
 */
final class Submission {
  private final AuditEvent event;
  private final AtomicBoolean taken = new AtomicBoolean();

  Submission(AuditEvent event) {
    this.event = event;
  }

  AuditEvent event() {
    return event;
  }

  /** True for the first who calls. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  /** Hands the same object over; never leaves the node. */
  static final class Codec implements MessageCodec<Submission, Submission> {
    static final String NAME = "portcullis.audit.submission";

    @Override
    public Submission transform(Submission submission) {
      return submission;
    }

    @Override
    public void encodeToWire(Buffer buffer, Submission submission) {
      throw new UnsupportedOperationException("an audit event is recorded on its own node");
    }

    @Override
    public Submission decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("an audit event is recorded on its own node");
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
