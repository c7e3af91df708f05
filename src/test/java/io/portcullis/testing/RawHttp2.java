package io.portcullis.testing;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/2 frames by hand (RFC 9113), for what no well-behaved client would send: header blocks of
 * literals (RFC 7541, section 6.2.2) with any bytes in them.
 */
public final class RawHttp2 implements Closeable {
  private static final int TIMEOUT_MILLIS = 15_000;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** Connects to this machine and begins a session. */
  public RawHttp2(SSLContext context, int port) throws IOException {
    socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new IOException("no HTTP/2");
    }
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /**
   * Sends a request; fields as name, value, name, value, in ISO-8859-1.
   *
   * @param body sent as one DATA frame unless empty
   */
  public void send(int stream, String body, String... fields) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      literal(block, fields[i]);
      literal(block, fields[i + 1]);
    }
    int end = body.isEmpty() ? END_STREAM : 0;
    frame(HEADERS, END_HEADERS | end, stream, block.toByteArray());
    if (!body.isEmpty()) {
      frame(DATA, END_STREAM, stream, body.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** The answer on a stream; status 0 when the stream was reset or the connection ended. */
  public Answer read(int stream) throws IOException {
    int status = 0;
    StringBuilder body = new StringBuilder();
    try {
      while (true) {
        byte[] head = in.readNBytes(9);
        if (head.length < 9) {
          return new Answer(0, body.toString());
        }
        byte[] payload =
            in.readNBytes((head[0] & 255) << 16 | (head[1] & 255) << 8 | (head[2] & 255));
        int on = (head[6] & 127) << 16 | (head[7] & 255) << 8 | (head[8] & 255);
        switch (head[3]) {
          case HEADERS -> {
            var headers = decoder.decodeHeaders(on, Unpooled.wrappedBuffer(payload));
            status = on == stream ? Integer.parseInt(headers.status().toString()) : status;
          }
          case DATA -> body.append(on == stream ? text(payload) : "");
          case SETTINGS -> acknowledge(SETTINGS, head[4], new byte[0]);
          case PING -> acknowledge(PING, head[4], payload);
          case GOAWAY -> {
            return new Answer(status, body.toString());
          }
          default -> {}
        }
        boolean ends = (head[3] == HEADERS || head[3] == DATA) && (head[4] & END_STREAM) != 0;
        if (on == stream && (ends || head[3] == RESET)) {
          return new Answer(ends ? status : 0, body.toString());
        }
      }
    } catch (EOFException | SocketException ended) {
      return new Answer(0, body.toString());
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void acknowledge(int type, int flags, byte[] payload) throws IOException {
    if ((flags & 1) == 0) {
      frame(type, 1, 0, payload);
    }
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream frame = new DataOutputStream(bytes);
    frame.writeByte(payload.length >> 16);
    frame.writeShort(payload.length);
    frame.writeByte(type);
    frame.writeByte(flags);
    frame.writeInt(stream);
    frame.write(payload);
    out.write(bytes.toByteArray());
    out.flush();
  }

  /** A string without Huffman coding, of fewer than 16,384 bytes. */
  private static void literal(ByteArrayOutputStream block, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.write(bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * An answer.
   *
   * @param status zero when there was none
   */
  public record Answer(int status, String body) {}
}
