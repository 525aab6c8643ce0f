package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrpcServicesTest {

    @Test
    void metadata_joinsSortedNamesWithoutInfrastructure() {
        assertThat(GrpcServices.metadata(List.of(
                        "shop.v1.Orders",
                        "grpc.health.v1.Health",
                        "hello.v1.HelloService",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.testing.TestService")))
                .isEqualTo(Map.of("grpc-services-1", "grpc.testing.TestService,hello.v1.HelloService,shop.v1.Orders"));
    }

    @Test
    void metadata_startsANewValueBeforeOneGrowsTooLong() {
        List<String> names = IntStream.range(100, 160)
                .mapToObj(i -> "a.very.long.package.v1.Service" + i)
                .toList();

        Map<String, String> metadata = GrpcServices.metadata(names);

        assertThat(metadata.keySet())
                .containsExactly("grpc-services-1", "grpc-services-2", "grpc-services-3", "grpc-services-4");
        assertThat(metadata.values())
                .allMatch(value -> value.length() <= 512 && !value.startsWith(",") && !value.endsWith(","));
        assertThat(String.join(",", metadata.values()).split(",")).containsExactlyElementsOf(names);
    }

    @Test
    void metadata_fillsAValueToTheLastCharacter() {
        String first = "a".repeat(255);
        String second = "b".repeat(256);
        assertThat(GrpcServices.metadata(List.of(first, second)))
                .containsExactly(Map.entry("grpc-services-1", first + "," + second));
        assertThat(GrpcServices.metadata(List.of(first, second + "b"))).hasSize(2);
    }

    @Test
    void metadata_isEmptyWithoutServices() {
        assertThat(GrpcServices.metadata(List.of("grpc.health.v1.Health"))).isEmpty();
    }

    @Test
    void metadata_refusesANameThatFitsNoValue() {
        assertThatThrownBy(() -> GrpcServices.metadata(List.of("x".repeat(513))))
                .hasMessageContaining("at most 512 characters");
    }
}
