package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyRulesTest {
    @Test
    void ruleOfAService_goesBeforeThatOfAll() {
        StickyRules rules = StickyRules.parse(" a.B=field:order.id, header:X-Tenant\tc.D=caller ,e.F=none");
        assertThat(rules.of("a.B")).isEqualTo(new StickyRule(StickyRule.Source.FIELD, "order.id"));
        assertThat(rules.of("c.D")).isEqualTo(new StickyRule(StickyRule.Source.CALLER, ""));
        assertThat(rules.of("e.F")).isEqualTo(new StickyRule(StickyRule.Source.NONE, ""));
        assertThat(rules.of("other")).isEqualTo(new StickyRule(StickyRule.Source.HEADER, "x-tenant"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void nothing_isNoRule(String text) {
        assertThat(StickyRules.parse(text)).isSameAs(StickyRules.NONE);
        assertThat(StickyRules.NONE.of("a.B")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:x-tenant", "field:name", "field:a.b_c.d", "caller", "none"})
    void rule_isWrittenAsItIsRead(String text) {
        assertThat(StickyRule.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header",
                "header:",
                "header:a:b",
                "header: a",
                "field",
                "field:",
                "field:a..b",
                "field:.a",
                "field:a.",
                "Caller",
                "caller:x",
                "cookie:x",
                "a.B",
                "a.B=",
                "=caller",
                "a/B=caller",
                "a.B=field:é"
            })
    void anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> StickyRules.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sticky: ")
                .hasMessageContaining("(expected: ");
    }
}
