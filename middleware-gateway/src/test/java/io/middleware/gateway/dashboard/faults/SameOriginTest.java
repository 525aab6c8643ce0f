package io.middleware.gateway.dashboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SameOriginTest {
    @Test
    void ownPage_andPrograms_mayAsk() {
        assertThat(allows(Map.of())).isTrue();
        assertThat(allows(Map.of("host", "localhost:8080", "origin", "http://localhost:8080")))
                .isTrue();
        assertThat(allows(Map.of(
                        "host", "localhost:8080", "origin", "http://localhost:8080", "sec-fetch-site", "same-origin")))
                .isTrue();
    }

    @Test
    void otherPages_mayNot() {
        assertThat(allows(Map.of("sec-fetch-site", "cross-site"))).isFalse();
        assertThat(allows(Map.of("sec-fetch-site", "same-site"))).isFalse();
        assertThat(allows(Map.of("host", "localhost:8080", "origin", "http://localhost:3000")))
                .isFalse();
        assertThat(allows(Map.of("host", "localhost:8080", "origin", "null"))).isFalse();
        assertThat(allows(Map.of("origin", "http://localhost:8080"))).isFalse();
    }

    @Test
    void onlyJson_isTaken_whichFormsCannotSend() {
        assertThat(SameOrigin.isJson("Application/JSON; charset=utf-8")).isTrue();
        assertThat(SameOrigin.isJson("text/plain; application/json")).isFalse();
        assertThat(SameOrigin.isJson("application/jsonx")).isFalse();
        assertThat(SameOrigin.isJson(null)).isFalse();
    }

    private static boolean allows(Map<String, String> headers) {
        return SameOrigin.allows(name -> headers.get(name.toString()));
    }
}
