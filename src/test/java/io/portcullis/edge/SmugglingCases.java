package io.portcullis.edge;

import java.util.List;

/** Requests that two readers could take for different ones, by what is odd about them. */
final class SmugglingCases {
  static final String COMMON = "User-Agent: t\r\nAccept: */*\r\n";
  static final String HEADERS = "Host: localhost\r\n" + COMMON;

  /** What must never be taken for a request. */
  static final String SMUGGLED = "GET /v/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CHUNK = "7\r\n{\"a\":1}\r\n";
  private static final String CHUNKED = CHUNK + "0\r\n\r\n";

  private SmugglingCases() {}

  /**
   * A request.
   *
   * @param name what is odd about it
   * @param mayPass whether it has one reading that may reach the gateway, cleaned
   */
  record Trick(String name, boolean mayPass, String request) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Trick> framings() {
    return List.of(
        post(
            "CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + SMUGGLED),
        post("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\n" + SMUGGLED),
        post("CL.0", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", CHUNKED + SMUGGLED),
        coding("almost chunked", "xchunked"),
        coding("chunked, then identity", "chunked, identity"),
        coding("identity, then chunked", "identity, chunked"),
        coding("identity", "identity"),
        coding("chunked twice", "chunked, chunked"),
        coding("gzip, then chunked", "gzip, chunked"),
        coding("behind a vertical tab", "\u000bchunked"),
        coding("behind a form feed", "\fchunked"),
        coding("before a NUL", "chunked\0"),
        coding("before a CR", "chunked\rx"),
        coding("quoted", "\"chunked\""),
        coding("with a parameter", "chunked;a=b"),
        coding("with an empty element", ",chunked"),
        coding("with a trailing comma", "chunked,"),
        coding("empty", ""),
        post("TE.TE, a space before the colon", "Transfer-Encoding : chunked\r\n", CHUNKED),
        post("TE.TE, a tab before the colon", "Transfer-Encoding\t: chunked\r\n", CHUNKED),
        post("TE.TE, a NUL in the name", "Transfer-Encoding\0: chunked\r\n", CHUNKED),
        post("TE.TE, a space before the name", " Transfer-Encoding: chunked\r\n", CHUNKED),
        post("TE.TE, folded", "Transfer-Encoding:\r\n chunked\r\n", CHUNKED),
        post("TE.TE, behind a bare CR", "X-A: b\rTransfer-Encoding: chunked\r\n", CHUNKED),
        post(
            "TE.TE, twice",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            CHUNKED),
        post(
            "TE.TE, one unknown",
            "Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n",
            CHUNKED),
        clean("in capitals", post("", "TRANSFER-ENCODING: CHUNKED\r\n", CHUNKED)),
        clean("between spaces", post("", "Transfer-Encoding:  chunked \r\n", CHUNKED)),
        clean("behind a bare LF", post("", "X-A: b\nTransfer-Encoding: chunked\r\n", CHUNKED)),
        clean("an underscore", post("", "Transfer_Encoding: chunked\r\n", "0\r\n\r\n" + SMUGGLED)),
        clean("a dot", post("", "Transfer.Encoding: chunked\r\n", "0\r\n\r\n" + SMUGGLED)),
        line("chunked under HTTP/1.0", "POST /v/x HTTP/1.0\r\nTransfer-Encoding: chunked"),
        post("two lengths", "Content-Length: 7\r\nContent-Length: 7\r\n", "{\"a\":1}"),
        post("two lengths that differ", "Content-Length: 7\r\nContent-Length: 0\r\n", SMUGGLED),
        length("a list", "7, 7"),
        length("a plus", "+7"),
        length("a minus", "-7"),
        length("hexadecimal", "0x7"),
        length("a fraction", "7.0"),
        length("an inner space", "7 7"),
        length("nothing", ""),
        length("more than a long", "18446744073709551623"),
        length("behind a vertical tab", "\u000b7"),
        post("a space before the colon of a length", "Content-Length : 7\r\n", "{\"a\":1}"),
        clean("a length with zeros", length("", "0000000000000000007")),
        clean("a length with an underscore", post("", "Content_Length: 55\r\n", "")),
        clean("a body that GET has", field("", "Content-Length: 7\r\n", "{\"a\":1}")));
  }

  static List<Trick> chunks() {
    return List.of(
        chunk("0x", "0x7\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a plus", "+7\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a minus", "-7\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a space before the size", " 7\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("no size", "\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("letters", "z\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a size over a long", "10000000000000007\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a chunk longer than its size", "6\r\n{\"a\":1}\r\n0\r\n\r\n"),
        chunk("a chunk that ends with CR alone", "7\r\n{\"a\":1}\r0\r\n\r\n"),
        chunk("a chunk that does not end", "7\r\n{\"a\":1}0\r\n\r\n"),
        chunk("a quoted extension over lines", "7;a=\"\r\n\"\r\n{\"a\":1}\r\n0\r\n\r\n"),
        clean("a space behind the size", chunk("", "7 \r\n{\"a\":1}\r\n0\r\n\r\n")),
        clean("an extension", chunk("", "7;a=b\r\n{\"a\":1}\r\n0\r\n\r\n")),
        clean("an extension that ends with LF", chunk("", "7;\n{\"a\":1}\r\n0\r\n\r\n")),
        clean("a size line of LF alone", chunk("", "7\n{\"a\":1}\r\n0\r\n\r\n")),
        clean("a chunk that ends with LF", chunk("", "7\r\n{\"a\":1}\n0\r\n\r\n")),
        clean("an end of LF alone", chunk("", CHUNK + "0\r\n\n")),
        clean("a length in the trailer", chunk("", CHUNK + "0\r\nContent-Length: 5\r\n\r\n")),
        clean("a host in the trailer", chunk("", CHUNK + "0\r\nHost: evil.example\r\n\r\n")),
        clean("an identity in the trailer", chunk("", CHUNK + "0\r\nClient-Cert: :AA:\r\n\r\n")),
        clean("a coding in the trailer", chunk("", CHUNK + "0\r\nTransfer-Encoding: x\r\n\r\n")));
  }

  static List<Trick> targets() {
    return List.of(
        line("authority form", "GET localhost:80 HTTP/1.1"),
        line("a tunnel", "CONNECT localhost:443 HTTP/1.1"),
        line("a tunnel to a path", "CONNECT /v/x HTTP/1.1"),
        line("asterisk form", "OPTIONS * HTTP/1.1"),
        line("a relative path", "GET v/x HTTP/1.1"),
        line("TRACE", "TRACE /v/x HTTP/1.1"),
        line("absolute form of another host", "GET https://evil.example/v/x HTTP/1.1"),
        line("absolute form with a user", "GET https://a@localhost/v/x HTTP/1.1"),
        line("a NUL", "GET /v/\0x HTTP/1.1"),
        line("an encoded NUL", "GET /v/%00x HTTP/1.1"),
        line("a control character", "GET /v/x?a=\u0001 HTTP/1.1"),
        line("DEL", "GET /v/\u007fx HTTP/1.1"),
        line("a bare CR", "GET /v/x\rX: y HTTP/1.1"),
        line("a space", "GET /v/x y HTTP/1.1"),
        line("two versions", "GET /v/x HTTP/1.1 HTTP/1.1"),
        line("a tab for a space", "GET\t/v/x HTTP/1.1"),
        line("a method in lower case", "get /v/x HTTP/1.1"),
        line("a method with a brace", "G{T /v/x HTTP/1.1"),
        line("HTTP/2 as text", "GET /v/x HTTP/2.0"),
        line("the preface of HTTP/2", "PRI * HTTP/2.0"),
        clean("absolute form", line("", "GET https://localhost/v/x HTTP/1.1")),
        clean("absolute form of plain HTTP", line("", "GET http://localhost/v/x HTTP/1.1")),
        clean("absolute form without a path", line("", "GET https://localhost?x HTTP/1.1")),
        clean("two spaces", line("", "GET  /v/x HTTP/1.1")),
        clean("HTTP/1.2", line("", "GET /v/x HTTP/1.2")),
        clean("an encoded line end", line("", "GET /v/%0d%0aX-A:%20b HTTP/1.1")),
        clean("an encoded question mark", line("", "GET /v/x%3fy HTTP/1.1")),
        clean("a backslash", line("", "GET /v\\x HTTP/1.1")),
        new Trick(
            "the other host in the absolute form",
            true,
            "GET https://localhost/v/x HTTP/1.1\r\nHost: evil.example\r\n" + COMMON + "\r\n"));
  }

  static List<Trick> headers() {
    return List.of(
        field("a folded header", "X-A: b\r\n c\r\n"),
        field("a header folded by a tab", "X-A: b\r\n\tc\r\n"),
        new Trick("a folded Host", false, "GET /v/x HTTP/1.1\r\n " + HEADERS + "\r\n"),
        field("a NUL in a value", "X-A: b\0c\r\n"),
        field("a CR in a value", "X-A: b\rc\r\n"),
        field("a NUL in a name", "X\0A: b\r\n"),
        field("a space in a name", "X A: b\r\n"),
        field("a byte over 127 in a name", "X\u00e9: b\r\n"),
        field("brackets in a name", "X[A]: b\r\n"),
        field("no name", ": b\r\n"),
        field("DEL in a value", "X-A: b\u007f\r\n"),
        field("an escape character in a value", "X-A: \u001b[2J\r\n"),
        field("two credentials", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"),
        host("two hosts", "Host: localhost\r\nHost: localhost\r\n"),
        host("two hosts that differ", "Host: localhost\r\nhOST: evil.example\r\n"),
        host("no host", ""),
        host("an empty host", "Host:\r\n"),
        host("another host", "Host: evil.example\r\n"),
        host("a host with a user", "Host: evil@localhost\r\n"),
        host("a host with a space", "Host: local host\r\n"),
        host("a list of hosts", "Host: localhost, evil.example\r\n"),
        host("a host with a path", "Host: localhost/x\r\n"),
        host("a host with a NUL", "Host: local\0host\r\n"),
        clean("a host in capitals", host("", "Host: LOCALHOST\r\n")),
        clean("a host with a dot", host("", "Host: localhost.\r\n")),
        clean("a host with a port of letters", host("", "Host: localhost:x\r\n")),
        clean("a host with a negative port", host("", "Host: localhost:-1\r\n")),
        clean("line ends of LF alone", all("GET /v/x HTTP/1.1\n" + lf(HEADERS) + "\n")),
        all("GET /v/x HTTP/1.1\r" + HEADERS.replace("\n", "") + "\r"),
        clean("empty lines first", all("\r\n\r\nGET /v/x HTTP/1.1\r\n" + HEADERS + "\r\n")),
        clean("a CR before the line end", field("", "X-A: b\r\r\n")),
        clean("no colon", field("", "X-A\r\n")),
        clean("a byte over 127 in a value", field("", "X-A: \u00e9\r\n")),
        clean("two tenants", field("", "X-Tenant: acme\r\nX-Tenant: globex\r\n")),
        clean("another expectation", field("", "Expect: 200-ok\r\n")),
        clean("trailers", field("", "TE: trailers\r\nTrailer: Host\r\n")));
  }

  private static String lf(String text) {
    return text.replace("\r", "");
  }

  private static Trick all(String request) {
    return new Trick("line ends of CR alone", false, request);
  }

  private static Trick clean(String name, Trick trick) {
    return new Trick(name, true, trick.request());
  }

  private static Trick line(String name, String line) {
    return new Trick(name, false, line + "\r\n" + HEADERS + "\r\n");
  }

  private static Trick host(String name, String host) {
    return new Trick(name, false, "GET /v/x HTTP/1.1\r\n" + host + COMMON + "\r\n");
  }

  private static Trick field(String name, String fields) {
    return field(name, fields, "");
  }

  private static Trick field(String name, String fields, String body) {
    return new Trick(name, false, "GET /v/x HTTP/1.1\r\n" + HEADERS + fields + "\r\n" + body);
  }

  private static Trick post(String name, String fields, String body) {
    String head = "POST /v/x HTTP/1.1\r\n" + HEADERS + JSON + fields + "\r\n";
    return new Trick(name, false, head + body);
  }

  private static Trick coding(String name, String coding) {
    return post("coding: " + name, "Transfer-Encoding: " + coding + "\r\n", CHUNKED);
  }

  private static Trick length(String name, String length) {
    return post("length: " + name, "Content-Length: " + length + "\r\n", "{\"a\":1}");
  }

  private static Trick chunk(String name, String chunks) {
    return post("chunks: " + name, "Transfer-Encoding: chunked\r\n", chunks);
  }
}
