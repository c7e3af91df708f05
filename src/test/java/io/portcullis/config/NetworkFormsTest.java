package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFormsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "redis",
        "a-b.example.com",
        "my_service",
        "10.0.0.4",
        "::1",
        "fe80::1"
      })
  void hostName_namesAndAddresses_areTaken(String text) {
    assertEquals(text, NetworkForms.hostName().parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "-a",
        "a-",
        "a..b",
        ".a",
        "256.1.1.1",
        "127.1",
        "010.0.0.1",
        "1",
        "[::1]",
        "fe80::1%eth0",
        "a:80",
        "http://a",
        "a/b",
        "ü.de",
        ":::1"
      })
  void hostName_anythingElse_isRefused(String text) {
    assertThrows(BadValueException.class, () -> NetworkForms.hostName().parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.0.0.0/8",
    "192.0.2.7,192.0.2.7/32",
    "::1,::1/128",
    "2001:db8::/32,2001:db8::/32",
    "128.0.0.0/1,128.0.0.0/1"
  })
  void network_cidrOrAddress_getsItsPrefix(String text, String expected) {
    assertEquals(expected, NetworkForms.network().parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1/8,has bits set beyond its prefix",
    "2001:db8::1/64,has bits set beyond its prefix",
    "0.0.0.0/0,is everybody",
    "::/0,is everybody",
    "10.0.0.0/33,has a prefix longer than its address",
    "10.0.0.0/-1,is not a network",
    "10.0.0.0/,is not a network",
    "example.com,is not a network"
  })
  void network_malformed_saysWhy(String text, String reason) {
    var thrown = assertThrows(BadValueException.class, () -> NetworkForms.network().parse(text));
    assertEquals(reason, thrown.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "http://,is not an address",
    "https:///x,has no valid host and port",
    "//example.com,is not http or https",
    "file:///etc/passwd,is not http or https",
    "http://a b,is not an address",
    "http://u@example.com,carries credentials",
    "http://example.com:0,has no valid host and port",
    "http://example.com?a=b,has a query or a fragment",
    "http://example.com#x,has a query or a fragment"
  })
  void address_malformed_saysWhy(String text, String reason) {
    var thrown = assertThrows(BadValueException.class, () -> NetworkForms.address().parse(text));
    assertEquals(reason, thrown.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://login.example.com/x",
        "http://localhost:8180",
        "http://127.0.0.1",
        "http://127.8.8.8:1/x",
        "http://[::1]:8180/x"
      })
  void protectedAddress_httpsOrThisMachine_isTaken(String text) {
    assertEquals(text, NetworkForms.protectedAddress().parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[2001:db8::1]/"
      })
  void protectedAddress_plainHttpElsewhere_isRefused(String text) {
    var thrown =
        assertThrows(BadValueException.class, () -> NetworkForms.protectedAddress().parse(text));
    assertEquals("is plain http to another machine", thrown.reason());
  }

  @Test
  void isLoopback_onlyThisMachine() {
    assertTrue(NetworkForms.isLoopback("LOCALHOST"));
    assertTrue(NetworkForms.isLoopback("[::1]"));
    assertFalse(NetworkForms.isLoopback("0.0.0.0"));
    assertFalse(NetworkForms.isLoopback("redis"));
    assertFalse(NetworkForms.isLoopback("127.0.0.1.example.com"));
  }
}
