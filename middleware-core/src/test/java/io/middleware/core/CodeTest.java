package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTest {
    @ParameterizedTest
    @CsvSource({
        "0, OK",
        "1, CANCELLED",
        "2, UNKNOWN",
        "3, INVALID_ARGUMENT",
        "4, DEADLINE_EXCEEDED",
        "5, NOT_FOUND",
        "6, ALREADY_EXISTS",
        "7, PERMISSION_DENIED",
        "8, RESOURCE_EXHAUSTED",
        "9, FAILED_PRECONDITION",
        "10, ABORTED",
        "11, OUT_OF_RANGE",
        "12, UNIMPLEMENTED",
        "13, INTERNAL",
        "14, UNAVAILABLE",
        "15, DATA_LOSS",
        "16, UNAUTHENTICATED"
    })
    void number_isTheOneOfGrpc(int number, Code code) {
        assertThat(Code.of(number)).isEqualTo(code);
        assertThat(Code.parse(Integer.toString(number))).isEqualTo(code);
        assertThat(code.ordinal()).isEqualTo(number);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"17", "99", "-1", "1a", "a", " 0", "0 ", "014", "\u0661"})
    void whatIsNoCode_isUnknown(String status) {
        assertThat(Code.parse(status)).isEqualTo(Code.UNKNOWN);
    }

    @Test
    void numberOutOfRange_isUnknown() {
        assertThat(Code.of(-1)).isEqualTo(Code.UNKNOWN);
        assertThat(Code.of(17)).isEqualTo(Code.UNKNOWN);
    }
}
