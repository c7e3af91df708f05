package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "0.0.0.0, 0.0.0.0",
    "2001:db8:1:2:3:4:5:6, v6-20010db800010002",
    "2001:DB8:1:2:ffff::1, v6-20010db800010002",
    "2001:db8:1:2::, v6-20010db800010002",
    "::1, v6-0000000000000000",
    "fe80::1%eth0, v6-fe80000000000000",
    "::ffff:10.1.2.3, 10.1.2.3"
  })
  void normalise_address_isOneNamePerSubscriber(String address, String expected) {
    assertEquals(expected, ClientAddress.normalise(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.256",
        "unknown",
        "::zz",
        "a:b}{c",
        "."
      })
  void normalise_noAddress_isHashed(String address) {
    assertTrue(ClientAddress.normalise(address).startsWith("~"));
  }
}
