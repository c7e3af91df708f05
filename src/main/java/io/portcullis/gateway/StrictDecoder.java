package io.portcullis.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.model.Rejection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's decoder behind a guard: it is given nothing but what {@link Framing} has approved, one
 * message at a time, and must find each message's end where the guard found it. What is refused
 * becomes an invalid request in its place behind the requests before it; nothing after it is read.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private final Framing framing;
  private final Consumer<Rejection> count;
  private final Consumer<Boolean> partial;
  private boolean refused;
  private boolean waiting;

  /**
   * For one connection.
   *
   * @param count told of each refusal
   * @param partial told when a head has begun and is not whole, and when that is over
   */
  StrictDecoder(
      HttpServerOptions options,
      Framing framing,
      Consumer<Rejection> count,
      Consumer<Boolean> partial) {
    super(options);
    this.framing = framing;
    this.count = count;
    this.partial = partial;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    boolean head = framing.isInHead();
    try {
      int approved = framing.scan(in);
      if (approved > 0) {
        handOn(context, in, out, approved);
      }
      watch(!refused && framing.isInHead() && in.isReadable());
    } catch (Rejection rejection) {
      watch(false);
      refuse(rejection, head, in, out);
    }
  }

  private void handOn(ChannelHandlerContext context, ByteBuf in, List<Object> out, int approved)
      throws Exception {
    int from = in.readerIndex();
    int end = in.writerIndex();
    in.writerIndex(from + approved);
    try {
      super.decode(context, in, out);
    } finally {
      in.writerIndex(end);
    }
    int read = in.readerIndex() - from;
    framing.handedOn(read);
    Object last = out.isEmpty() ? null : out.getLast();
    if (last instanceof DecoderResultProvider result && result.decoderResult().isFailure()) {
      // Vert.x's own limits are stricter in some corner; its verdict stands.
      refused = true;
      count.accept(Malformed.DISAGREEMENT);
      in.skipBytes(in.readableBytes());
      return;
    }
    if (framing.closes() && !out.isEmpty() && out.getFirst() instanceof HttpRequest request) {
      // Vert.x looks for this one word as a whole value, and under HTTP/1.0 not at all.
      close(request);
    }
    boolean over = framing.isOver();
    if (read == 0 || over != (last instanceof LastHttpContent)) {
      throw Malformed.DISAGREEMENT;
    }
    if (over) {
      framing.next();
    }
  }

  private static void close(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (request.protocolVersion() == HttpVersion.HTTP_1_0) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void refuse(Rejection rejection, boolean head, ByteBuf in, List<Object> out) {
    refused = true;
    count.accept(rejection);
    in.skipBytes(in.readableBytes());
    out.forEach(ReferenceCountUtil::release);
    out.clear();
    HttpObject invalid = head ? invalidRequest() : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    invalid.setDecoderResult(DecoderResult.failure(rejection));
    out.add(invalid);
  }

  private static HttpObject invalidRequest() {
    DefaultHttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    request.headers().set(HttpHeaderNames.CONNECTION, "close");
    return request;
  }

  private void watch(boolean now) {
    if (now != waiting) {
      waiting = now;
      partial.accept(now);
    }
  }

  /** The refusal that an invalid request carries, if it was refused here. */
  static @Nullable Rejection rejection(DecoderResult result) {
    return result.cause() instanceof Rejection rejection ? rejection : null;
  }
}
