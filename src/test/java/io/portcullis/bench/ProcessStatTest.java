package io.portcullis.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ProcessStatTest {
  private static final String STAT =
      "4242 (redis-server) S 1 4242 4242 0 -1 4194560 2671 7 0 0 312 145 9 4 20 0 5 0 351532 "
          + "68571136 3532 18446744073709551615 1 1 0 0 0 0 0 4097 17642 0 0 0 17 1 0 0 0 0 0";

  @Test
  void cpuMicros_ofALine_isUserPlusSystem() {
    assertEquals((312 + 145) * 10_000L, ProcessStat.parseCpuMicros(STAT));
  }

  @Test
  void childrenMicros_ofALine_isThatOfEndedChildren() {
    assertEquals((9 + 4) * 10_000L, ProcessStat.parseChildrenMicros(STAT));
  }

  @Test
  void cpuMicros_ofANameWithSpacesAndParentheses_isNotConfused() {
    String odd = STAT.replace("(redis-server)", "(a) 1 2 (b c) d)");
    assertEquals((312 + 145) * 10_000L, ProcessStat.parseCpuMicros(odd));
  }

  @Test
  void cpuMicros_ofAnythingElse_fails() {
    assertThrows(IllegalArgumentException.class, () -> ProcessStat.parseCpuMicros(""));
    assertThrows(IllegalArgumentException.class, () -> ProcessStat.parseCpuMicros("1 (java) S 1"));
  }

  @Test
  void residentBytes_ofAStatus_isVmRss() {
    String status = "Name:\tjava\nVmHWM:\t  300000 kB\nVmRSS:\t  262144 kB\nRssAnon:\t 1 kB\n";
    assertEquals(262_144L * 1024, ProcessStat.parseResidentBytes(status));
    assertThrows(
        IllegalArgumentException.class, () -> ProcessStat.parseResidentBytes("Name:\tkthreadd\n"));
  }

  @Test
  void busyMicros_ofTheMachine_leavesOutIdlingAndGuests() {
    String line = "cpu  100 20 30 4000 500 6 7 8 900 1000";
    assertEquals((100 + 20 + 30 + 6 + 7 + 8) * 10_000L, ProcessStat.parseBusyMicros(line));
    assertThrows(IllegalArgumentException.class, () -> ProcessStat.parseBusyMicros("cpu0 1 2"));
  }

  @Test
  void cpuMicros_ofThisProcess_grows() {
    long pid = ProcessHandle.current().pid();
    long before = ProcessStat.cpuMicros(pid);
    assertTrue(before > 0);
    long machineBefore = ProcessStat.machineBusyMicros();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (ProcessStat.cpuMicros(pid) < before + 30_000 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertTrue(ProcessStat.cpuMicros(pid) >= before + 30_000);
    assertTrue(ProcessStat.machineBusyMicros() > machineBefore);
    assertTrue(ProcessStat.residentBytes(pid) > 10_000_000);
    assertTrue(ProcessStat.ownMicros() >= before);
  }

  @Test
  void cpuMicros_ofNoProcess_fails() {
    BenchFailure failure =
        assertThrows(BenchFailure.class, () -> ProcessStat.cpuMicros(Integer.MAX_VALUE));
    assertEquals(1, failure.exitCode());
  }
}
