package io.portcullis.gateway;

import io.portcullis.gateway.StrictHttpTest.Bad;
import java.util.List;

/** Requests that different readers would read differently, by what is wrong with them. */
final class StrictHttpCases {
  private StrictHttpCases() {}

  static List<Bad> heads() {
    return List.of(
        line("no version (HTTP/0.9)", "request-line", "GET /up/x"),
        line("version in lower case", "http-version", "GET /up/x http/1.1"),
        line("version 1.2", "http-version", "GET /up/x HTTP/1.2"),
        line("version 1.01", "http-version", "GET /up/x HTTP/1.01"),
        line("version 2.0 as text", "http-version", "GET /up/x HTTP/2.0"),
        line("preface of HTTP/2", "target-form", "PRI * HTTP/2.0"),
        line("space behind the version", "http-version", "GET /up/x HTTP/1.1 "),
        line("two spaces", "request-line", "GET  /up/x HTTP/1.1"),
        line("tab for a space", "request-line", "GET\t/up/x HTTP/1.1"),
        line("space in the target", "http-version", "GET /up/x y HTTP/1.1"),
        line("space before the method", "request-line", " GET /up/x HTTP/1.1"),
        line("method with a brace", "request-line", "G{T /up/x HTTP/1.1"),
        line("method with a colon", "request-line", "GET: /up/x HTTP/1.1"),
        line("method without end", "request-line", "G".repeat(25) + " /up/x HTTP/1.1"),
        line("no method", "request-line", "/up/x HTTP/1.1"),
        line("tunnel", "target-form", "CONNECT a:443 HTTP/1.1"),
        line("tunnel to a path", "target-form", "CONNECT /up/x HTTP/1.1"),
        line("absolute form", "target-form", "GET http://a/up/x HTTP/1.1"),
        line("absolute form of another host", "target-form", "GET http://b/up/x HTTP/1.1"),
        line("absolute form of another scheme", "target-form", "GET ftp://a/up/x HTTP/1.1"),
        line("authority form", "target-form", "GET a:80 HTTP/1.1"),
        line("asterisk form", "target-form", "OPTIONS * HTTP/1.1"),
        line("relative path", "target-form", "GET up/x HTTP/1.1"),
        line("fragment", "target-character", "GET /up/x#y HTTP/1.1"),
        line("NUL in the target", "target-character", "GET /up/\0x HTTP/1.1"),
        line("control character in the query", "target-character", "GET /up/x?a=\u0001 HTTP/1.1"),
        line("byte over 127 in the query", "target-character", "GET /up/x?a=\u00e9 HTTP/1.1"),
        line("long target", "request-line-size", "GET /up/" + "x".repeat(9000) + " HTTP/1.1"),
        raw("line ends of LF alone", "line-end", "GET /up/x HTTP/1.1\nHost: a\n\n"),
        raw("one line end of LF alone", "line-end", "GET /up/x HTTP/1.1\r\nHost: a\n\r\n"),
        raw("head that ends with LF alone", "line-end", "GET /up/x HTTP/1.1\r\nHost: a\r\n\n"),
        raw("two empty lines first", "request-line", "\r\n\r\n"),
        host("no Host", "host-missing", ""),
        host("two Hosts", "host-repeated", "Host: a\r\nHost: a\r\n"),
        host("two Hosts that differ", "host-repeated", "Host: a\r\nhOST: b\r\n"),
        host("Host without a value", "host-invalid", "Host:\r\n"),
        host("Host with user information", "host-invalid", "Host: u@a\r\n"),
        host("Host with a space", "host-invalid", "Host: a b\r\n"),
        host("Host as a list", "host-invalid", "Host: a, b\r\n"),
        host("Host with a path", "host-invalid", "Host: a/b\r\n"),
        host("Host with an escape", "host-invalid", "Host: a%00\r\n"),
        host("Host with an empty port", "host-invalid", "Host: a:\r\n"),
        host("Host with port 0", "host-invalid", "Host: a:0\r\n"),
        host("Host with port 65536", "host-invalid", "Host: a:65536\r\n"),
        host("Host with a negative port", "host-invalid", "Host: a:-1\r\n"),
        host("Host with an open bracket", "host-invalid", "Host: [::1\r\n"),
        host("Host in empty brackets", "host-invalid", "Host: []\r\n"),
        host("long Host", "host-invalid", "Host: " + "a".repeat(254) + "\r\n"),
        field("folded header", "header-folded", "X-A: b\r\n c\r\n"),
        field("header folded by a tab", "header-folded", "X-A: b\r\n\tc\r\n"),
        field("folded Transfer-Encoding", "header-folded", "X-A: b\r\n Transfer-Encoding: x\r\n"),
        raw("first header folded", "header-folded", "GET /up/x HTTP/1.1\r\n Host: a\r\n\r\n"),
        field("space before the colon", "header-name", "X-A : b\r\n"),
        field("tab before the colon", "header-name", "X-A\t: b\r\n"),
        field("header without a colon", "header-name", "X-A\r\n"),
        field("header without a name", "header-name", ": b\r\n"),
        field("NUL in a name", "header-name", "X\0A: b\r\n"),
        field("byte over 127 in a name", "header-name", "X\u00e9: b\r\n"),
        field("brackets in a name", "header-name", "X[A]: b\r\n"),
        field("NUL in a value", "header-value", "X-A: b\0c\r\n"),
        field("CR in a value", "header-value", "X-A: b\rc\r\n"),
        field("CR before the line end", "header-value", "X-A: b\r\r\n"),
        field("DEL in a value", "header-value", "X-A: b\u007f\r\n"),
        field("escape character in a value", "header-value", "X-A: \u001b[2J\r\n"),
        field("101 headers", "header-count", "X-A: b\r\n".repeat(100)),
        field("headers of 17 KB", "head-size", ("X-A: " + "b".repeat(1000) + "\r\n").repeat(17)));
  }

  static List<Bad> framings() {
    String unknown = "transfer-encoding-unknown";
    return List.of(
        post(
            "length first, chunked wins (CL.TE)",
            "transfer-encoding-with-length",
            "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\nX"),
        post(
            "chunked first, length wins (TE.CL)",
            "transfer-encoding-with-length",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "5c\r\nGPOST / HTTP/1.1\r\n"),
        post(
            "zero length beside chunked",
            "transfer-encoding-with-length",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n"),
        coding("almost chunked", unknown, "xchunked"),
        coding("chunked, then identity", unknown, "chunked, identity"),
        coding("identity, then chunked", unknown, "identity, chunked"),
        coding("identity", unknown, "identity"),
        coding("chunked twice", unknown, "chunked, chunked"),
        coding("gzip, then chunked", unknown, "gzip, chunked"),
        coding("gzip", unknown, "gzip"),
        coding("quoted", unknown, "\"chunked\""),
        coding("with a parameter", unknown, "chunked;a=b"),
        coding("with an empty element", unknown, ",chunked"),
        coding("empty", unknown, ""),
        coding("behind a vertical tab", "header-value", "\u000bchunked"),
        coding("behind a form feed", "header-value", "\u000cchunked"),
        coding("before a NUL", "header-value", "chunked\0"),
        post(
            "space before the colon (TE.TE)",
            "header-name",
            "Transfer-Encoding : chunked\r\n",
            "0\r\n\r\n"),
        post(
            "tab before the colon",
            "header-name",
            "Transfer-Encoding\t: chunked\r\n",
            "0\r\n\r\n"),
        post(
            "Transfer-Encoding twice",
            unknown,
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n"),
        post(
            "Transfer-Encoding twice, one unknown",
            unknown,
            "Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n",
            "0\r\n\r\n"),
        post(
            "coding folded to the next line",
            unknown,
            "Transfer-Encoding:\r\n chunked\r\n",
            "0\r\n\r\n"),
        raw(
            "chunked under HTTP/1.0",
            "transfer-encoding-version",
            "POST /up/x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        post(
            "two lengths",
            "content-length-repeated",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "x"),
        post(
            "two lengths that differ",
            "content-length-repeated",
            "Content-Length: 0\r\nContent-Length: 9\r\n",
            ""),
        length("a list of lengths", "1, 1"),
        length("a plus sign", "+1"),
        length("a minus sign", "-1"),
        length("hexadecimal", "0x1"),
        length("a fraction", "1.0"),
        length("an exponent", "1e1"),
        length("an inner space", "1 1"),
        length("nothing", ""),
        length("more than a long", "18446744073709551617"),
        length("19 digits", "0000000000000000001"),
        post("length behind a vertical tab", "header-value", "Content-Length: \u000b1\r\n", "x"));
  }

  static List<Bad> bodies() {
    return List.of(
        chunks("size with 0x", "chunk-size", "0x5\r\nhello\r\n0\r\n\r\n"),
        chunks("size with a plus", "chunk-size", "+5\r\nhello\r\n0\r\n\r\n"),
        chunks("size with a minus", "chunk-size", "-5\r\nhello\r\n0\r\n\r\n"),
        chunks("size behind a space", "chunk-size", " 5\r\nhello\r\n0\r\n\r\n"),
        chunks("size before a space", "chunk-size", "5 \r\nhello\r\n0\r\n\r\n"),
        chunks("no size", "chunk-size", "\r\nhello\r\n0\r\n\r\n"),
        chunks("size of letters", "chunk-size", "z\r\nhello\r\n0\r\n\r\n"),
        chunks("size over an int", "chunk-size", "80000000\r\nhello\r\n0\r\n\r\n"),
        chunks("size over a long", "chunk-size", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunks("extension", "chunk-size", "5;a=b\r\nhello\r\n0\r\n\r\n"),
        chunks("extension of the last chunk", "chunk-size", "5\r\nhello\r\n0;a\r\n\r\n"),
        chunks("quoted extension", "chunk-size", "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"),
        chunks("huge extension", "chunk-size", "5;" + "a".repeat(9000) + "\r\nhello\r\n0\r\n\r\n"),
        chunks("extension with LF alone", "line-end", "5;\nhello\r\n0\r\n\r\n"),
        chunks("size line of LF alone", "line-end", "5\nhello\r\n0\r\n\r\n"),
        chunks("CR in the size line", "chunk-size", "5\r\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk longer than its size", "chunk-end", "4\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk that ends with LF alone", "chunk-end", "5\r\nhello\n0\r\n\r\n"),
        chunks("chunk that ends with CR alone", "chunk-end", "5\r\nhello\r0\r\n\r\n"),
        chunks("chunk that does not end", "chunk-end", "5\r\nhello0\r\n\r\n"),
        chunks("end of LF alone", "line-end", "0\r\n\n"),
        chunks("Content-Length as a trailer", "trailer-forbidden", "0\r\nContent-Length: 5\r\n\r\n"),
        chunks("Host as a trailer", "trailer-forbidden", "0\r\nHost: b\r\n\r\n"),
        chunks(
            "Transfer-Encoding as a trailer",
            "trailer-forbidden",
            "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        chunks("folded trailer", "header-folded", "0\r\nX-A: b\r\n c\r\n\r\n"),
        chunks("space before a trailer's colon", "header-name", "0\r\nX-A : b\r\n\r\n"),
        chunks("101 trailers", "header-count", "0\r\n" + "X-A: b\r\n".repeat(101) + "\r\n"));
  }

  static List<Bad> expectations() {
    return List.of(
        field("another expectation", "expectation", "Expect: 200-ok\r\n"),
        field("two expectations", "expectation", "Expect: 100-continue, x\r\n"),
        field("expectation without a value", "expectation", "Expect:\r\n"),
        field(
            "expectation repeated",
            "expectation",
            "Expect: 100-continue\r\nExpect: 100-continue\r\n"));
  }

  private static Bad raw(String name, String reason, String request) {
    return new Bad(name, reason, request);
  }

  private static Bad line(String name, String reason, String line) {
    return raw(name, reason, line + "\r\nHost: a\r\n\r\n");
  }

  private static Bad host(String name, String reason, String host) {
    return raw(name, reason, "GET /up/x HTTP/1.1\r\n" + host + "\r\n");
  }

  private static Bad field(String name, String reason, String fields) {
    return raw(name, reason, "GET /up/x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  }

  private static Bad post(String name, String reason, String fields, String body) {
    return raw(name, reason, "POST /up/x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body);
  }

  private static Bad coding(String name, String reason, String coding) {
    return post(
        "coding: " + name, reason, "Transfer-Encoding: " + coding + "\r\n", "0\r\n\r\n");
  }

  private static Bad length(String name, String length) {
    return post(
        "length: " + name, "content-length-invalid", "Content-Length: " + length + "\r\n", "x");
  }

  private static Bad chunks(String name, String reason, String chunks) {
    return post(name, reason, "Transfer-Encoding: chunked\r\n", chunks);
  }
}
