package io.middleware.gateway.protojson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import io.middleware.gateway.kinds.v1.Chart;
import io.middleware.gateway.kinds.v1.Color;
import io.middleware.gateway.kinds.v1.Kinds;
import io.middleware.gateway.kinds.v1.Old;
import io.middleware.gateway.kinds.v1.OldProto;
import io.middleware.gateway.schema.Types;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What JSON a message has, and which messages have none. */
class MessageWriterTest {
    private static final KnownTypes TYPES =
            Types.of(Kinds.getDescriptor().getFile(), Old.getDescriptor().getFile());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                        | {}",
                "int32_value: -5 uint32_value: 4294967295 sint32_value: -1 fixed32_value: 4294967295 sfixed32_value: -2 "
                        + "| {'int32Value':-5,'uint32Value':4294967295,'sint32Value':-1,'fixed32Value':4294967295,'sfixed32Value':-2}",
                "int64_value: -5 uint64_value: 18446744073709551615 fixed64_value: 1 "
                        + "| {'int64Value':'-5','uint64Value':'18446744073709551615','fixed64Value':'1'}",
                "float_value: 1.5 double_value: 1e300    | {'floatValue':1.5,'doubleValue':1.0E300}",
                "float_value: nan double_value: -inf     | {'floatValue':'NaN','doubleValue':'-Infinity'}",
                "double_value: -0                        | {'doubleValue':-0.0}",
                "bool_value: true                        | {'boolValue':true}",
                "string_value: 'é<>&\\\"\\\\\\n\\001\\342\\200\\250' | {'stringValue':'é<>&\\\"\\\\\\n\\u0001\\u2028'}",
                "bytes_value: '\\373\\377'               | {'bytesValue':'+/8='}",
                "color: GREEN                            | {'color':'GREEN'}",
                "color: 77                               | {'color':77}",
                "nothings: [NULL_VALUE]                  | {'nothings':[null]}",
                "choice_nothing: NULL_VALUE              | {'choiceNothing':null}",
                "choice_number: 0                        | {'choiceNumber':0}",
                "maybe_int32: 0 maybe_string: ''         | {'maybeInt32':0,'maybeString':''}",
                "inner {} empty {}                       | {'inner':{},'empty':{}}",
                "int32s: [1, 0] strings: ['']            | {'int32s':[1,0],'strings':['']}",
                "by_int32 { key: -1 value: 0 }           | {'byInt32':{'-1':0}}",
                "by_uint64 { key: 18446744073709551615 value: 1 } | {'byUint64':{'18446744073709551615':'1'}}",
                "by_bool { key: true value: false }      | {'byBool':{'true':false}}",
                "by_string { key: 'a\\\"' value: 'b' }   | {'byString':{'a\\\"':'b'}}",
                "inner_by_string { key: 'a' value {} }   | {'innerByString':{'a':{}}}",
                "bool_wrapper {} int64_wrapper { value: 1 } string_wrapper {} | {'boolWrapper':false,'int64Wrapper':'1','stringWrapper':''}",
                "time { seconds: -62135596800 }          | {'time':'0001-01-01T00:00:00Z'}",
                "time { seconds: 253402300799 nanos: 999999999 } | {'time':'9999-12-31T23:59:59.999999999Z'}",
                "time { nanos: 10000000 }                | {'time':'1970-01-01T00:00:00.010Z'}",
                "time { nanos: 10000 }                   | {'time':'1970-01-01T00:00:00.000010Z'}",
                "time { nanos: 10 }                      | {'time':'1970-01-01T00:00:00.000000010Z'}",
                "duration { seconds: -315576000000 nanos: -999999999 } | {'duration':'-315576000000.999999999s'}",
                "duration { nanos: -500000000 }          | {'duration':'-0.500s'}",
                "duration {}                             | {'duration':'0s'}",
                "mask { paths: 'foo' paths: 'bar_baz.x1' } | {'mask':'foo,barBaz.x1'}",
                "mask {}                                 | {'mask':''}",
                "mask { paths: '*' }                     | {'mask':'*'}",
                "mask { paths: 'a_b.*.c' paths: '*.d' }  | {'mask':'aB.*.c,*.d'}",
                "struct { fields { key: 'a' value { null_value: NULL_VALUE } } fields { key: 'b' value { list_value { values { number_value: 1 } } } } }"
                        + " | {'struct':{'a':null,'b':[1.0]}}",
                "value { struct_value {} } list {}       | {'value':{},'list':[]}",
                "any {}                                  | {'any':{}}",
                "any { [t/kinds.v1.Kinds] { int32_value: 5 } } | {'any':{'@type':'t/kinds.v1.Kinds','int32Value':5}}",
                "any { [t/google.protobuf.Int32Value] { value: 5 } } | {'any':{'@type':'t/google.protobuf.Int32Value','value':5}}",
                "any { [t/google.protobuf.Empty] {} }    | {'any':{'@type':'t/google.protobuf.Empty'}}",
                "any { [t/kinds.v1.Old] { name: 'a' [kinds.v1.extra]: 1 } } | {'any':{'@type':'t/kinds.v1.Old','name':'a','[kinds.v1.extra]':1}}",
                "_name_with_edges_: 1 name_0_digits: 2 renamed: 3 | {'NameWithEdges':1,'name0Digits':2,'other-name':3}"
            })
    void message_isWritten(String text, String json) throws Exception {
        assertThat(write(parse(text))).isEqualTo(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "time { seconds: -62135596801 }          | field time: -62135596801 seconds and 0 nanos (expected of a google.protobuf.Timestamp:",
                "time { seconds: 253402300800 }          | field time: 253402300800 seconds and 0 nanos (expected of a google.protobuf.Timestamp:",
                "times {} times { seconds: 1 nanos: -1 } | field times[1]: 1 seconds and -1 nanos (expected of a google.protobuf.Timestamp:",
                "time { nanos: 1000000000 }              | field time: 0 seconds and 1000000000 nanos (expected of a google.protobuf.Timestamp:",
                "duration { seconds: 315576000001 }      | field duration: 315576000001 seconds and 0 nanos (expected of a google.protobuf.Duration:",
                "duration { seconds: -315576000001 }     | field duration: -315576000001 seconds and 0 nanos",
                "duration { seconds: -9223372036854775808 } | field duration: -9223372036854775808 seconds and 0 nanos",
                "duration { seconds: 1 nanos: -1 }       | field duration: 1 seconds and -1 nanos",
                "duration { nanos: -2147483648 }         | field duration: 0 seconds and -2147483648 nanos",
                "mask { paths: 'fooBar' }                | field mask: path fooBar would be another one when JSON is read",
                "mask { paths: 'foo_3_bar' }             | field mask: path foo_3_bar would be another one",
                "mask { paths: 'foo__bar' }              | field mask: path foo__bar would be another one",
                "mask { paths: 'foo_' }                  | field mask: path foo_ would be another one",
                "mask { paths: 'a*' }                    | field mask: path a* would be another one",
                "mask { paths: '**' }                    | field mask: path ** would be another one",
                "mask { paths: 'a,b' }                   | field mask: path a,b would be another one",
                "mask { paths: '' }                      | field mask: path  would be another one",
                "value {}                                | field value: a google.protobuf.Value without a value",
                "value { number_value: nan }             | field value: NaN in a google.protobuf.Value (expected: a finite number)",
                "list { values { number_value: inf } }   | field list[0]: Infinity in a google.protobuf.Value (expected: a finite number)",
                "struct { fields { key: 'a' value {} } } | field struct[a]: a google.protobuf.Value without a value",
                "any { type_url: 't/kinds.v1.Kinds' value: '\\377' } | field any: its content is not a valid kinds.v1.Kinds: ",
                "any { type_url: 't/kinds.v1.Old' }      | field any: field name of the kinds.v1.Old in it is missing",
                "any { type_url: 't/google.protobuf.Timestamp' value: '\\020\\377\\377\\377\\377\\017' } | field any: 0 seconds and -1 nanos"
            })
    void messageWithoutJson_isRefusedWithTheFieldAndTheReason(String text, String message) throws Exception {
        Kinds kinds = parse(text);

        assertThatThrownBy(() -> write(kinds))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"t/else.Where, else.Where", "else.Where, else.Where", "'', ''", "t/, ''"})
    void anyOfAnUnknownType_saysWhichType(String url, String name) {
        Kinds kinds = Kinds.newBuilder()
                .addAnys(Any.getDefaultInstance())
                .addAnys(Any.newBuilder().setTypeUrl(url).setValue(ByteString.copyFromUtf8("x")))
                .build();

        assertThatExceptionOfType(UnknownTypeException.class)
                .isThrownBy(() -> write(kinds))
                .withMessage("field anys[1]: a google.protobuf.Any of the type " + url
                        + " (expected: one that the server's reflection describes)")
                .satisfies(unknown -> assertThat(unknown.typeName()).isEqualTo(name));
    }

    @Test
    void anysInEachOther_areBounded() {
        Message inner = Int32Value.of(1);
        for (int i = 0; i < 5000; i++) {
            inner = Any.pack(inner);
        }
        Kinds kinds = Kinds.newBuilder().setAny((Any) inner).build();

        assertThatThrownBy(() -> write(kinds))
                .hasMessage("it is nested too deep (expected: at most 100 messages in each other)");
    }

    @Test
    void ofTwoEntriesWithOneKey_theLaterCounts() throws Exception {
        Kinds once = Kinds.newBuilder().putByInt32(1, 2).putByInt32(3, 4).build();
        Kinds again = Kinds.newBuilder().putByInt32(1, 5).build();

        assertThat(write(DynamicMessage.parseFrom(
                        Kinds.getDescriptor(), once.toByteString().concat(again.toByteString()))))
                .isEqualTo("{\"byInt32\":{\"1\":5,\"3\":4}}");
    }

    @Test
    void entryWhoseValueAClosedEnumLacks_isLeftOut_andAnEntryWithoutValueHasTheDefault() throws Exception {
        ByteString tones = tone("a", 1).concat(tone("b", 7));
        ByteString keyOnly = ByteString.copyFrom(new byte[] {1 << 3 | 2, 3, 1 << 3 | 2, 1, 'c'});

        assertThat(write(chart(tones))).isEqualTo("{\"tones\":{\"a\":\"HIGH\"}}");
        assertThat(write(chart(tones.concat(tone("a", 7))))).isEqualTo("{\"tones\":{\"a\":\"HIGH\"}}");
        assertThat(write(chart(tone("a", 7).concat(tone("a", 0))))).isEqualTo("{\"tones\":{\"a\":\"LOW\"}}");
        assertThat(write(chart(tone("b", 7)))).isEqualTo("{}");
        assertThat(write(chart(keyOnly))).isEqualTo("{\"tones\":{\"c\":\"LOW\"}}");
    }

    private static Message chart(ByteString tones) throws Exception {
        return DynamicMessage.parseFrom(Chart.getDescriptor(), tones);
    }

    private static ByteString tone(String key, int value) {
        UnknownFieldSet entry = UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(key))
                                .build())
                .addField(2, UnknownFieldSet.Field.newBuilder().addVarint(value).build())
                .build();
        return UnknownFieldSet.newBuilder()
                .addField(
                        Chart.TONES_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(entry.toByteString())
                                .build())
                .build()
                .toByteString();
    }

    @Test
    void defaultValueThatWasSent_isLeftOutUnlessItsPresenceSaysSomething() throws Exception {
        ByteString zeros = UnknownFieldSet.newBuilder()
                .addField(
                        Kinds.INT32_VALUE_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder().addVarint(0).build())
                .addField(
                        Kinds.COLOR_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder().addVarint(0).build())
                .addField(
                        Kinds.MAYBE_INT32_FIELD_NUMBER,
                        UnknownFieldSet.Field.newBuilder().addVarint(0).build())
                .build()
                .toByteString();

        assertThat(write(DynamicMessage.parseFrom(Kinds.getDescriptor(), zeros)))
                .isEqualTo("{\"maybeInt32\":0}");
    }

    @Test
    void olderLanguage_isWrittenWithExtensions() throws Exception {
        Old.Builder old = Old.newBuilder();
        TextFormat.merge(
                "name: '' number: 7 [kinds.v1.extra]: 5 [kinds.v1.Old.scoped] { name: 'b' }", extensions(), old);

        assertThat(write(DynamicMessage.parseFrom(
                        Old.getDescriptor(), old.build().toByteString(), TYPES.extensions())))
                .isEqualTo(
                        "{\"name\":\"\",\"number\":7,\"[kinds.v1.extra]\":5,\"[kinds.v1.Old.scoped]\":{\"name\":\"b\"}}");
    }

    static Stream<Arguments> absentFields() {
        return Stream.of(
                Arguments.of("int32_value", "0"),
                Arguments.of("uint64_value", "\"0\""),
                Arguments.of("bool_value", "false"),
                Arguments.of("string_value", "\"\""),
                Arguments.of("bytes_value", "\"\""),
                Arguments.of("color", "\"COLOR_UNSPECIFIED\""),
                Arguments.of("int32s", "[]"),
                Arguments.of("by_int32", "{}"),
                Arguments.of("nothing", "null"),
                Arguments.of("float_value", "0.0"),
                Arguments.of("maybe_int32", "0"),
                Arguments.of("inner", "null"),
                Arguments.of("value", "null"),
                Arguments.of("struct", "null"),
                Arguments.of("time", "null"),
                Arguments.of("duration", "null"),
                Arguments.of("mask", "null"),
                Arguments.of("bool_wrapper", "null"),
                Arguments.of("any", "null"),
                Arguments.of("choice_inner", "null"),
                Arguments.of("values", "[]"));
    }

    @ParameterizedTest
    @MethodSource("absentFields")
    void singleField_isWrittenWithItsDefault(String field, String json) {
        assertThat(MessageWriter.write(
                        DynamicMessage.getDefaultInstance(Kinds.getDescriptor()),
                        Kinds.getDescriptor().findFieldByName(field),
                        TYPES,
                        false))
                .isEqualTo(json);
    }

    @Test
    void singleMessage_isWrittenWhenItIsSet_alsoWithoutContent() throws Exception {
        Kinds kinds = parse("time {} inner {} bool_wrapper {}");

        assertThat(MessageWriter.write(kinds, Kinds.getDescriptor().findFieldByName("time"), TYPES, false))
                .isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(MessageWriter.write(kinds, Kinds.getDescriptor().findFieldByName("inner"), TYPES, false))
                .isEqualTo("{}");
        assertThat(MessageWriter.write(kinds, Kinds.getDescriptor().findFieldByName("bool_wrapper"), TYPES, false))
                .isEqualTo("false");
    }

    @Test
    void compiledAndDynamicMessages_areWrittenTheSame() throws Exception {
        Kinds kinds = Kinds.newBuilder()
                .setColor(Color.RED)
                .putByString("a", "b")
                .addInt32S(1)
                .build();

        assertThat(write(kinds))
                .isEqualTo("{\"color\":\"RED\",\"int32s\":[1],\"byString\":{\"a\":\"b\"}}")
                .isEqualTo(write(DynamicMessage.parseFrom(Kinds.getDescriptor(), kinds.toByteString())));
    }

    private static String write(Message message) {
        return MessageWriter.write(message, TYPES);
    }

    private static Kinds parse(String text) throws TextFormat.ParseException {
        Kinds.Builder kinds = Kinds.newBuilder();
        if (text != null) {
            TextFormat.Parser.newBuilder()
                    .setTypeRegistry(MessageReaderTest.TEXT_TYPES)
                    .build()
                    .merge(text, extensions(), kinds);
        }
        return kinds.build();
    }

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        OldProto.registerAllExtensions(registry);
        return registry;
    }
}
