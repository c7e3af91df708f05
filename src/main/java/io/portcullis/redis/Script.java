package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A Lua script and its name in the script cache of Redis, the SHA-1 of its text. */
public final class Script {
  private static final int CACHED = 16;

  private final String body;
  private final String sha;
  private final AtomicReferenceArray<byte[]> heads = new AtomicReferenceArray<>(CACHED * CACHED);

  private Script(String body) {
    this.body = body;
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(body.getBytes(UTF_8));
      this.sha = HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** A script of this text. */
  public static Script of(String body) {
    return new Script(body);
  }

  /** The script of that name beside {@code owner} on the class path. */
  public static Script load(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + name);
      }
      return new Script(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String body() {
    return body;
  }

  /** The part of EVALSHA before the keys; the same for every call with these counts. */
  byte[] head(int keys, int args) {
    if (keys >= CACHED || args >= CACHED) {
      return newHead(keys, args);
    }
    byte[] head = heads.get(keys * CACHED + args);
    if (head == null) {
      head = newHead(keys, args);
      heads.set(keys * CACHED + args, head);
    }
    return head;
  }

  private byte[] newHead(int keys, int args) {
    String count = Integer.toString(keys);
    return "*%d\r\n$7\r\nEVALSHA\r\n$40\r\n%s\r\n$%d\r\n%s\r\n"
        .formatted(3 + keys + args, sha, count.length(), count)
        .getBytes(US_ASCII);
  }
}
