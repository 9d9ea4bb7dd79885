package io.verbena.rdmap.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RdmapOpcodeTest {
    @ParameterizedTest
    @CsvSource({
        // value, message, tagged, queue, control, header, splittable, solicited, invalidates
        "0, RDMA_WRITE, true, -1, 40, 0, true, false, false",
        "1, READ_REQUEST, false, 1, 41, 28, false, false, false",
        "2, READ_RESPONSE, true, -1, 42, 0, true, false, false",
        "3, SEND, false, 0, 43, 0, true, false, false",
        "4, SEND_INVALIDATE, false, 0, 44, 0, true, false, true",
        "5, SEND_SOLICITED, false, 0, 45, 0, true, true, false",
        "6, SEND_SOLICITED_INVALIDATE, false, 0, 46, 0, true, true, true",
        "7, TERMINATE, false, 2, 47, 4, false, false, false",
        "8, IMMEDIATE, false, 0, 48, 8, false, false, false",
        "9, IMMEDIATE_SOLICITED, false, 0, 49, 8, false, true, false",
        "10, ATOMIC_REQUEST, false, 1, 4A, 52, false, false, false",
        "11, ATOMIC_RESPONSE, false, 3, 4B, 12, false, false, false"
    })
    @Requirement({"RDMAP-4.1-02", "RDMAP-4.1-05", "RDMAP-4.1-06"})
    void rowsAreThoseOfTheRfcs(
            int value,
            RdmapOpcode opcode,
            boolean tagged,
            int queue,
            String control,
            int header,
            boolean splittable,
            boolean solicited,
            boolean invalidates) {
        assertThat(opcode.value()).isEqualTo(value);
        assertThat(RdmapOpcode.of(value)).isEqualTo(opcode);
        assertThat(opcode.tagged()).isEqualTo(tagged);
        assertThat(opcode.queueNumber()).isEqualTo(queue);
        assertThat(opcode.headerOctets()).isEqualTo(header);
        assertThat(opcode.splittable()).isEqualTo(splittable);
        assertThat(opcode.solicited()).isEqualTo(solicited);
        assertThat(opcode.invalidates()).isEqualTo(invalidates);
        int octet = HexFormat.fromHexDigits(control);
        assertThat(RdmapControl.encode(opcode)).isEqualTo(octet);
        for (int reserved = 0; reserved <= RdmapControl.RESERVED; reserved += 0x10) {
            assertThat(RdmapControl.opcode(octet | reserved)).isEqualTo(opcode);
            assertThat(RdmapControl.version(octet | reserved)).isEqualTo(RdmapControl.VERSION);
        }
    }

    @Test
    void unassignedValuesHaveNoRow() {
        assertThat(RdmapOpcode.values()).hasSize(12);
        for (int value = 0xC; value <= 0xF; value++) {
            assertThat(RdmapOpcode.of(value)).isNull();
        }
    }

    @Test
    void everyVersionIsRead() {
        for (int version = 0; version < 4; version++) {
            assertThat(RdmapControl.version(version << 6 | 0x3F)).isEqualTo(version);
        }
    }

    @Test
    void atomicOperationsAreThoseOfRfc7306() {
        assertThat(AtomicOperation.of(0)).isEqualTo(AtomicOperation.FETCH_ADD);
        assertThat(AtomicOperation.of(1)).isNull();
        assertThat(AtomicOperation.of(2)).isEqualTo(AtomicOperation.COMPARE_SWAP);
        for (int value = 3; value < 16; value++) {
            assertThat(AtomicOperation.of(value)).isNull();
        }
        for (AtomicOperation operation : AtomicOperation.values()) {
            assertThat(AtomicOperation.of(0xFFFFFFF0 | operation.value())).isEqualTo(operation);
        }
    }
}
