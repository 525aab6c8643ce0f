package io.middleware.gateway.ingress.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import io.middleware.gateway.protojson.MessageReader;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.Types;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTreeTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 3, -1, 999_999_999, 1_000_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void numberOfAnOpenEnum_isAnyOf32Bits(int number) throws Exception {
        assertThat(search(Integer.toString(number)).getGenresValueList()).containsExactly(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2147483648",
                "-2147483649",
                "4294967296",
                "999999999999999999",
                "99999999999999999999",
                "1.5",
                "-",
                ""
            })
    void otherTexts_areNoNumbersOfEnums(String text) {
        assertThatExceptionOfType(ProtoJsonException.class)
                .isThrownBy(() -> search(text))
                .withMessageStartingWith("field genres[0]: ");
    }

    private static SearchBooksRequest search(String genre) throws InvalidProtocolBufferException {
        RequestTree tree = new RequestTree(SearchBooksRequest.getDescriptor(), new JsonObject());
        tree.parameter("genres", genre, Set.of());
        return SearchBooksRequest.parseFrom(MessageReader.read(
                        tree.json(),
                        SearchBooksRequest.getDescriptor(),
                        Types.of(SearchBooksRequest.getDescriptor().getFile()))
                .toByteString());
    }
}
