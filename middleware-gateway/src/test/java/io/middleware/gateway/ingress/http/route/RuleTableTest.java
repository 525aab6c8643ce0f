package io.middleware.gateway.ingress.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.items.v1.ItemsProto;
import io.middleware.gateway.items.v1.OldProto;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and their messages, response messages and their bodies, by the rules of {@code google/api/http.proto}. */
class RuleTableTest {
    private static final FileDescriptor OLD = withGroup(OldProto.getDescriptor());
    private static final FileDescriptor ITEMS = built(
            ItemsProto.getDescriptor().toProto(),
            ItemsProto.getDescriptor().getDependencies().stream()
                    .map(file -> file.getName().equals(OLD.getName()) ? OLD : file)
                    .toArray(FileDescriptor[]::new));
    private static final Types TYPES = Types.of(ITEMS, OLD);
    private static final Map<String, Method> METHODS = ITEMS.getServices().getFirst().getMethods().stream()
            .map(method -> new Method(method, TYPES))
            .collect(Collectors.toMap(Method::path, Function.identity()));
    private static final Routes ROUTES = new Routes(METHODS);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                // paths
                "GET /v1/shelves/1/items/a                |  | Get | name: \"shelves/1/items/a\"",
                "GET /v1/shelves/a%20b/items/c%2Fd%2fe    |  | Get | name: \"shelves/a b/items/c%2Fd%2Fe\"",
                "GET /v1/%73helves/1/items/%7Ea           |  | Get | name: \"shelves/1/items/~a\"",
                "GET /v1/item/a%2Fb                       |  | Get | name: \"a/b\"",
                "GET /v1/item/a+b%2Bc%3Ad:e@f;g=h         |  | Get | name: \"a+b+c:d:e@f;g=h\"",
                "GET /v1/item/a%25b                       |  | Get | name: \"a%b\"",
                "GET /v1/item/%E4%B8%96                   |  | Get | name: \"世\"",
                "GET /v1/item/a/of/-5                     |  | Get | name: \"a\" number: -5",
                "GET /v1/all/a/b:c/d%2Fe                  |  | Get | name: \"a/b:c/d%2Fe\"",
                "GET /v1/all                              |  | Get | ",
                "GET /v1/kind/SMALL/on/true               |  | Get | kind: SMALL on: true",
                "GET /v1/kind/large/on/1                  |  | Get | kind: Large on: true",
                "GET /v1/kind/2/on/FALSE                  |  | Get | kind: Large",
                "GET /v1/at/2026-01-31T12:00:00Z/a_b,c/7  |  | Get | time { seconds: 1769860800 } mask { paths: \"a_b\" paths: \"c\" }"
                        + " count { value: 7 }",
                "GET /v1/deep/a/b?inner.text=c            |  | Get | inner { text: \"c\" inner { text: \"a/b\" } }",
                "REPORT /v1/item/a                        |  | Get | name: \"a\"",
                // custom verbs
                "POST /v1/shelves/1/items/a:cancel        |  | Cancel | name: \"shelves/1/items/a\"",
                "POST /v1/operations/x%2Fy:cancel         | {} | Cancel | name: \"operations/x%2Fy\"",
                "POST /v1/a:b:cancel                      | {\"number\":\"5\"} | Cancel | name: \"a:b\" number: 5",
                "POST /v1/files/a:cancel                  | {} | Cancel | name: \"files/a\"",
                "POST /v1/item:sort-of                    | {\"name\":\"n\"} | Cancel | name: \"n\"",
                "POST /v1/item%3Asort-of:cancel           |  | Cancel | name: \"item:sort-of\"",
                // queries
                "GET /v1/item/a?number=9007199254740993&ratio=1.5e3&age=1.5s | | Get | name: \"a\" number: 9007199254740993"
                        + " age { seconds: 1 nanos: 500000000 } ratio: 1500.0",
                "GET /v1/item/a?ratio=NaN                 |  | Get | name: \"a\" ratio: NaN",
                "GET /v1/item/a?ratio=-Infinity           |  | Get | name: \"a\" ratio: -Infinity",
                "GET /v1/item/a?kinds=small&kinds=2&kinds=Large | | Get | name: \"a\" kinds: SMALL kinds: Large kinds: Large",
                "GET /v1/item/a?words=x&words=y           |  | Get | name: \"a\" words { value: \"x\" } words { value: \"y\" }",
                "GET /v1/item/a?times=1970-01-01T00:00:01Z |  | Get | name: \"a\" times { seconds: 1 }",
                "GET /v1/item/a?inner.numbers=1&inner.numbers=2&inner.inner.text=b%26c | | Get | name: \"a\""
                        + " inner { inner { text: \"b&c\" } numbers: 1 numbers: 2 }",
                "GET /v1/item/a?mask=inner.text,odd_name,when | | Get | name: \"a\" mask { paths: \"inner.text\""
                        + " paths: \"odd_name\" paths: \"when\" }",
                "GET /v1/item/a?mask=oddName              |  | Get | name: \"a\" mask { paths: \"odd_name\" }",
                "GET /v1/item/a?token=-_8                 |  | Get | name: \"a\" token: \"\\373\\377\"",
                "GET /v1/item/a?token=%2B/8%3D            |  | Get | name: \"a\" token: \"\\373\\377\"",
                "GET /v1/item/a?maybe=false&flag=True&on=0 |  | Get | name: \"a\" maybe: false flag { value: true }",
                "GET /v1/item/a?right=0                   |  | Get | name: \"a\" right: 0",
                "GET /v1/item/a?odd_name=x                |  | Get | name: \"a\" odd_name: \"x\"",
                "GET /v1/item/a?strange=x                 |  | Get | name: \"a\" odd_name: \"x\"",
                "GET /v1/item/a?any=x&&                   |  | Get | name: \"a\" any { string_value: \"x\" }",
                "GET /v1/item/a?left=                     |  | Get | name: \"a\" left: \"\"",
                "GET /v1/item/a?$alt=json&count=0         |  | Get | name: \"a\" count { }",
                // bodies
                "PUT /v1/shelves/1/items/a                | {\"title\":\"T\"} | Update | item { name: \"shelves/1/items/a\" title: \"T\" }",
                "PUT /v1/shelves/1/items/a?updateMask=title | {} | Update | item { name: \"shelves/1/items/a\" } update_mask { paths: \"title\" }",
                "PUT /v1/shelves/1/items/a                |  | Update | item { name: \"shelves/1/items/a\" }",
                "PATCH /v1/text/a                         | \"x\" | Update | item { name: \"a\" } text: \"x\"",
                "PATCH /v1/sizes/a                        | [1,2] | Update | item { name: \"a\" } sizes: 1 sizes: 2",
                // masks of what changes
                "PATCH /v1/shelves/1/items/a              | {\"title\":\"T\"} | Update | item { name: \"shelves/1/items/a\" title: \"T\" }"
                        + " update_mask { paths: \"title\" }",
                "PATCH /v1/shelves/1/items/a              | {\"name\":\"x\",\"title\":null,\"snake1Case\":\"\"} | Update | item"
                        + " { name: \"shelves/1/items/a\" } update_mask { paths: \"title\" paths: \"snake_1_case\" }",
                "PATCH /v1/shelves/1/items/a              | {\"inner\":{\"inner\":{\"text\":\"b\"},\"numbers\":[1]},\"sizes\":[],"
                        + "\"stock\":{\"k\":1},\"when\":\"1970-01-01T00:00:01Z\",\"free\":{\"x\":1},\"inners\":[{\"text\":\"c\"}],\"pages\":3}"
                        + " | Update | item { name: \"shelves/1/items/a\" inner { inner { text: \"b\" } numbers: 1 }"
                        + " stock { key: \"k\" value: 1 } when { seconds: 1 } free { fields { key: \"x\" value { number_value: 1.0 } } }"
                        + " inners { text: \"c\" } pages { value: 3 } } update_mask { paths: \"inner.inner.text\" paths: \"inner.numbers\""
                        + " paths: \"sizes\" paths: \"stock\" paths: \"when\" paths: \"free\" paths: \"inners\" paths: \"pages\" }",
                "PATCH /v1/shelves/1/items/a              | {\"inner\":{}} | Update | item { name: \"shelves/1/items/a\" inner { } }"
                        + " update_mask { paths: \"inner\" }",
                "PATCH /v1/shelves/1/items/a?update_mask=inner.text&readMask=title | {\"title\":\"T\"} | Update | item"
                        + " { name: \"shelves/1/items/a\" title: \"T\" } update_mask { paths: \"inner.text\" } read_mask { paths: \"title\" }",
                "PATCH /v1/shelves/1/items/a?readMask=title | {\"title\":\"T\"} | Update | item { name: \"shelves/1/items/a\" title: \"T\" }"
                        + " update_mask { paths: \"title\" } read_mask { paths: \"title\" }",
                "PATCH /v1/shelves/1/items/a              | {} | Update | item { name: \"shelves/1/items/a\" }",
                "PATCH /v1/shelves/1/items/a              |  | Update | item { name: \"shelves/1/items/a\" }",
                "PATCH /v1/whole/a                        | {\"item\":{\"title\":\"T\"}} | Update | item { name: \"a\" title: \"T\" }",
                // raw bodies
                "POST /v1/files/a/b?dry=true              | raw! | Upload | name: \"files/a/b\" file { content_type: \"text/csv\" data: \"raw!\" } dry: true",
                "POST /v1/store                           | {\"a\" | Store | content_type: \"text/csv\" data: \"{\\\"a\\\"\"",
                // proto2
                "GET /v1/old/a?size=0&box.label=b&box.side=1&box.side=2&form=round | | Old | name: \"a\" size: 0 Box { label: \"b\" side: 1 side: 2 } form: ROUND",
                "POST /v1/old                             | {\"name\":\"\",\"box\":{\"label\":\"b\"},\"[items.v1.more]\":\"m\"} | Old |"
                        + " name: \"\" Box { label: \"b\" } [items.v1.more]: \"m\""
            })
    void request_becomesItsMessage(String line, String body, String method, String message) throws Exception {
        Translation translation = translation(line);

        assertThat(translation.path()).isEqualTo("/items.v1.Items/" + method);
        ByteBuf frame = translation.message(bytes(body));
        byte[] bytes = new byte[frame.readableBytes() - 5];
        frame.skipBytes(5).readBytes(bytes);
        frame.release();
        MethodDescriptor descriptor = METHODS.get(translation.path()).descriptor();
        assertThat(TextFormat.printer()
                        .escapingNonAscii(false)
                        .emittingSingleLine(true)
                        .printToString(DynamicMessage.parseFrom(descriptor.getInputType(), bytes, TYPES.extensions()))
                        .strip())
                .isEqualTo(message == null ? "" : message.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "GET /v1/item/a?inner=x            |  | query parameter inner: it is a message",
                "GET /v1/item/a?labels=x           |  | query parameter labels: it is a map",
                "GET /v1/item/a?inners.text=x      |  | query parameter inners.text: inners.text: inners is repeated",
                "GET /v1/item/a?left=1&right=2     |  | field right: left is given too",
                "GET /v1/item/a?number=1&number=2  |  | query parameter number: it is given twice",
                "GET /v1/item/a?odd_name=1&strange=2 |  | query parameter strange: it is given twice",
                "GET /v1/item/a?name=b             |  | query parameter name: it is given by the path",
                "GET /v1/deep/a/b?inner.inner.text=c |  | query parameter inner.inner.text: it is given by the path",
                "GET /v1/item/a?nothing=x          |  | query parameter nothing: no field nothing",
                "GET /v1/item/a?on=maybe           |  | field on: \"maybe\" (expected: true or false)",
                "GET /v1/item/a?kinds=HUGE         |  | field kinds[0]: \"HUGE\" (expected: one of",
                "GET /v1/item/a?number=1.5         |  | field number: \"1.5\" (expected: int64)",
                "GET /v1/item/a?number=            |  | field number: \"\" (expected: int64)",
                "GET /v1/item/a?count=-1           |  | field count: \"-1\" (expected: uint32)",
                "GET /v1/item/a?time=noon          |  | field time: \"noon\" (expected: a time",
                "GET /v1/item/a?mask=a..b          |  | field mask: \"a..b\" (expected: field paths",
                "GET /v1/item/a?token=*            |  | field token: \"*\" (expected: base64)",
                "GET /v1/item/a/of/x               |  | field number: \"x\" (expected: int64)",
                "GET /v1/old/a?[items.v1.more]=x   |  | query parameter [items.v1.more]: no field [items",
                "POST /v1/old                      | {} | field name is missing",
                "PUT /v1/shelves/1/items/a?item.title=x | {} | query parameter item.title: it is given by the path or the body",
                "PUT /v1/shelves/1/items/a         | [] | field item.name: item is no object",
                "PATCH /v1/shelves/1/items/a       | {\"titel\":1} | unknown field item.titel",
                "POST /v1/a:cancel?number=1        | {} | query number=1 (expected: none",
                "POST /v1/a:cancel                 | [1] | the body is no JSON object"
            })
    void wrongRequest_isRefusedWithTheExpectedForm(String line, String body, String message) {
        Translation translation = translation(line);
        Throwable wrong = catchThrowable(() -> translation.message(bytes(body)));

        assertThat(wrong).isInstanceOfAny(Refusal.class, ProtoJsonException.class);
        assertThat(wrong instanceof Refusal refusal ? refusal.answer().error().message() : wrong.getMessage())
                .startsWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "GET /v1/item/a           | title: \"T\" pages { }                | {\"title\":\"T\",\"pages\":0}",
                "GET /v1/all/a            | sizes: 1 sizes: 2                     | [1,2]",
                "GET /v1/all/a            |                                       | []",
                "GET /v1/kind/1/on/1      | title: \"a\\\"b\"                     | \"a\\\"b\"",
                "GET /v1/kind/1/on/1      |                                       | \"\"",
                "GET /v1/deep/a/b         | stock { key: \"k\" value: 1 }         | {\"k\":1}",
                "GET /v1/deep/a/b         |                                       | {}",
                "GET /v1/at/1970-01-01T00:00:01Z/a/1 | inner { text: \"b\" }      | {\"text\":\"b\"}",
                "GET /v1/at/1970-01-01T00:00:01Z/a/1 |                            | null",
                "REPORT /v1/item/a        | when { seconds: 1 }                   | \"1970-01-01T00:00:01Z\"",
                "POST /v1/a:cancel        |                                       | {}",
                "POST /v1/files/a         | content_type: \"text/csv\" data: \"a,b\" | a,b",
                "POST /v1/files/a         |                                       | ",
                "POST /v1/store           | file { content_type: \"a/b\" data: \"c\" } | c",
                "GET /v1/old/a            | name: \"a\" Box { label: \"b\" } [items.v1.more]: \"m\" |"
                        + " {\"name\":\"a\",\"box\":{\"label\":\"b\"},\"[items.v1.more]\":\"m\"}"
            })
    void response_becomesItsBody(String line, String message, String body) throws Exception {
        Translation translation = translation(line);
        MethodDescriptor descriptor = METHODS.get(translation.path()).descriptor();
        DynamicMessage.Builder response = DynamicMessage.newBuilder(descriptor.getOutputType());
        TextFormat.merge(message == null ? "" : message, TYPES.extensions(), response);

        HttpResult result = translation.answer(response.build().toByteArray());

        assertThat(result.status()).isEqualTo(200);
        assertThat(new String(result.body(), StandardCharsets.UTF_8)).isEqualTo(body == null ? "" : body);
    }

    private static Translation translation(String line) {
        String verb = line.substring(0, line.indexOf(' '));
        String target = line.substring(line.indexOf(' ') + 1).strip();
        int mark = target.indexOf('?');
        String path = RequestPath.canonical(mark < 0 ? target : target.substring(0, mark));
        Routes.Match match = ROUTES.match(verb, path, service -> 0);
        assertThat(match).as(line).isNotNull();
        boolean raw = match.mapping().messages().takesRawBody();
        return TranslationChoice.mapped(
                match, mark < 0 ? null : target.substring(mark + 1), raw ? "text/csv" : "application/json");
    }

    private static FileDescriptor withGroup(FileDescriptor old) {
        FileDescriptorProto.Builder file = old.toProto().toBuilder();
        file.getMessageTypeBuilder(0).getFieldBuilderList().stream()
                .filter(field -> field.getName().equals("box"))
                .forEach(field -> field.setType(FieldDescriptorProto.Type.TYPE_GROUP));
        return built(file.build());
    }

    private static FileDescriptor built(FileDescriptorProto file, FileDescriptor... dependencies) {
        try {
            return FileDescriptor.buildFrom(file, dependencies);
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String body) {
        return body == null ? new byte[0] : body.strip().getBytes(StandardCharsets.UTF_8);
    }
}
