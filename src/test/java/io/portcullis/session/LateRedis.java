package io.portcullis.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before Redis that knows commands and, from a certain one on, holds back what that
 * connection sends or is answered. Nothing is lost, and the order stays.
 */
final class LateRedis implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final NetServer server = vertx.createNetServer();
  private final NetClient client = vertx.createNetClient();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger seen = new AtomicInteger();
  private volatile @Nullable Rule rule;

  private record Rule(String text, boolean requests, int times) {}

  static LateRedis before(int port) {
    LateRedis late = new LateRedis();
    late.server.connectHandler(near -> late.accept(near, port));
    Await.value(late.server.listen(0, "127.0.0.1"));
    return late;
  }

  int port() {
    return server.actualPort();
  }

  /** By this text a command that runs one of our scripts is known. */
  static String running(String script) {
    try (var in = LateRedis.class.getResourceAsStream(script)) {
      MessageDigest hash = MessageDigest.getInstance("SHA-1");
      return HexFormat.of()
          .formatHex(hash.digest(Optional.ofNullable(in).orElseThrow().readAllBytes()));
    } catch (java.io.IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Redis does what it is told; the answers wait until it was told so that many times. */
  void holdReplies(String text, int times) {
    hold(new Rule(text, false, times));
  }

  /** Redis is told nothing any more, until the test says so. */
  void holdRequests(String text) {
    hold(new Rule(text, true, Integer.MAX_VALUE));
  }

  private void hold(Rule next) {
    seen.set(0);
    rule = next;
  }

  /** How often the command was sent since then. */
  int seen() {
    return seen.get();
  }

  void release() {
    rule = null;
    vertx.runOnContext(now -> links.forEach(Link::release));
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }

  private void accept(NetSocket near, int port) {
    near.pause();
    client
        .connect(port, "127.0.0.1")
        .onFailure(failure -> near.close())
        .onSuccess(
            far -> {
              Link link = new Link(near, far);
              links.add(link);
              near.handler(link::ask);
              far.handler(link::answer);
              near.closeHandler(closed -> far.close());
              far.closeHandler(closed -> near.close());
              near.resume();
            });
  }

  /** One connection; everything happens on the one event loop. */
  private final class Link {
    private final NetSocket near;
    private final NetSocket far;
    private String pending = "";
    private Buffer requests = Buffer.buffer();
    private Buffer replies = Buffer.buffer();
    private boolean holdsRequests;
    private boolean holdsReplies;

    private Link(NetSocket near, NetSocket far) {
      this.near = near;
      this.far = far;
    }

    private void ask(Buffer bytes) {
      pending += bytes.toString(ISO_8859_1);
      for (int end = command(pending); end > 0; end = command(pending)) {
        String command = pending.substring(0, end);
        pending = pending.substring(end);
        Rule now = rule;
        if (now != null && command.contains(now.text())) {
          holdsRequests |= now.requests();
          holdsReplies |= !now.requests();
          if (seen.incrementAndGet() == now.times()) {
            LateRedis.this.release();
          }
        }
        Buffer whole = Buffer.buffer(command.getBytes(ISO_8859_1));
        if (holdsRequests) {
          requests.appendBuffer(whole);
        } else {
          far.write(whole);
        }
      }
    }

    private void answer(Buffer bytes) {
      if (holdsReplies) {
        replies.appendBuffer(bytes);
      } else {
        near.write(bytes);
      }
    }

    private void release() {
      holdsRequests = false;
      holdsReplies = false;
      far.write(requests);
      near.write(replies);
      requests = Buffer.buffer();
      replies = Buffer.buffer();
    }

    /** Where the first command ends (RESP: an array of bulk strings); 0 when it is not whole. */
    private static int command(String text) {
      int at = text.indexOf("\r\n");
      if (at < 0) {
        return 0;
      }
      int words = Integer.parseInt(text, 1, at, 10);
      at += 2;
      for (int i = 0; i < words; i++) {
        int line = text.indexOf("\r\n", at);
        if (line < 0) {
          return 0;
        }
        at = line + 2 + Integer.parseInt(text, at + 1, line, 10) + 2;
      }
      return at <= text.length() ? at : 0;
    }
  }
}
