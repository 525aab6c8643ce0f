package io.middleware.gateway.protojson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StructProto;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.WrappersProto;
import io.middleware.gateway.kinds.v1.Kinds;
import io.middleware.gateway.kinds.v1.Old;
import io.middleware.gateway.kinds.v1.OldProto;
import io.middleware.gateway.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of JSON is a message and what is not, as ProtoJSON and its conformance suite have it. */
class MessageReaderTest {
    /** For what is in an Any, in Protobuf's text format. */
    static final TypeRegistry TEXT_TYPES = TypeRegistry.newBuilder()
            .add(Kinds.getDescriptor())
            .add(Old.getDescriptor())
            .add(StructProto.getDescriptor().getMessageTypes())
            .add(WrappersProto.getDescriptor().getMessageTypes())
            .add(Duration.getDescriptor())
            .add(Any.getDescriptor())
            .add(Empty.getDescriptor())
            .build();

    private static final KnownTypes TYPES =
            Types.of(Kinds.getDescriptor().getFile(), Old.getDescriptor().getFile());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // integers, in and at the ends of their ranges, quoted or not
                "{'int32Value': 2147483647}              | int32_value: 2147483647",
                "{'int32Value': -2147483648}             | int32_value: -2147483648",
                "{'int32Value': '2147483647'}            | int32_value: 2147483647",
                "{'int32Value': '2\\u0031'}              | int32_value: 21",
                "{'int32Value': 100000.000}              | int32_value: 100000",
                "{'int32Value': 1e5}                     | int32_value: 100000",
                "{'int32Value': '1.5e1'}                 | int32_value: 15",
                "{'int32Value': 2.147483647e9}           | int32_value: 2147483647",
                "{'int32Value': -2.147483648e9}          | int32_value: -2147483648",
                "{'int32Value': -0}                      | int32_value: 0",
                "{'int32Value': 0e99999}                 | int32_value: 0",
                "{'uint32Value': 4294967295}             | uint32_value: 4294967295",
                "{'uint32Value': 4.294967295e9}          | uint32_value: 4294967295",
                "{'int64Value': '9223372036854775807'}   | int64_value: 9223372036854775807",
                "{'int64Value': '-9223372036854775808'}  | int64_value: -9223372036854775808",
                "{'int64Value': 9223372036854774784}     | int64_value: 9223372036854774784",
                "{'int64Value': -9223372036854775808}    | int64_value: -9223372036854775808",
                "{'uint64Value': '18446744073709551615'} | uint64_value: 18446744073709551615",
                "{'uint64Value': 18446744073709549568}   | uint64_value: 18446744073709549568",
                "{'sint32Value': -1, 'sint64Value': '-1', 'fixed32Value': 4294967295, 'fixed64Value': '1'} "
                        + "| sint32_value: -1 sint64_value: -1 fixed32_value: 4294967295 fixed64_value: 1",
                "{'sfixed32Value': -1, 'sfixed64Value': -1} | sfixed32_value: -1 sfixed64_value: -1",
                // floating-point numbers
                "{'floatValue': 1.175494e-38}            | float_value: 1.175494e-38",
                "{'floatValue': 3.402823e+38}            | float_value: 3.402823e+38",
                "{'floatValue': '1'}                     | float_value: 1",
                "{'floatValue': 'NaN'}                   | float_value: nan",
                "{'floatValue': '-Infinity'}             | float_value: -inf",
                "{'doubleValue': 2.22507e-308}           | double_value: 2.22507e-308",
                "{'doubleValue': -1.79769e+308}          | double_value: -1.79769e+308",
                "{'doubleValue': '1.5'}                  | double_value: 1.5",
                "{'doubleValue': 'Infinity'}             | double_value: inf",
                "{'doubleValue': 1e-999}                 | double_value: 0",
                // booleans, strings, bytes
                "{'boolValue': true}                     | bool_value: true",
                "{'stringValue': '谷歌'}                 | string_value: '谷歌'",
                "{'stringValue': '\\u8C37\\u6b4c'}       | string_value: '谷歌'",
                "{'stringValue': '\\uD83D\\uDE01'}       | string_value: '\\360\\237\\230\\201'",
                "{'stringValue': '\\\"\\\\\\/\\b\\f\\n\\r\\t'} | string_value: '\\\"\\\\/\\b\\f\\n\\r\\t'",
                "{'stringValue': 'a\\u0000b'}            | string_value: 'a\\000b'",
                "{'bytesValue': 'AQI='}                  | bytes_value: '\\001\\002'",
                "{'bytesValue': 'AQI'}                   | bytes_value: '\\001\\002'",
                "{'bytesValue': '-_'}                    | bytes_value: '\\373'",
                "{'bytesValue': '+/=='}                  | bytes_value: '\\373'",
                "{'bytesValue': ''}                      | bytes_value: ''",
                // enums by name, alias or number, known or not
                "{'color': 'GREEN'}                      | color: GREEN",
                "{'color': 'LIME'}                       | color: GREEN",
                "{'color': 'lime'}                       | color: GREEN",
                "{'color': 0}                            | color: COLOR_UNSPECIFIED",
                "{'color': 1.0}                          | color: RED",
                "{'color': -1}                           | color: NEGATIVE",
                "{'color': 123}                          | color: 123",
                // messages, oneofs, repeated fields, maps
                "{'inner': {'a': 1234, 'inner': {}}}     | inner { a: 1234 inner {} }",
                "{'choiceNumber': null, 'choiceText': ''} | choice_text: ''",
                "{'choiceText': 'a', 'choiceNumber': null} | choice_text: 'a'",
                "{'choiceNothing': null}                 | choice_nothing: NULL_VALUE",
                "{'choiceValue': null}                   | choice_value { null_value: NULL_VALUE }",
                "{'choiceInner': {}}                     | choice_inner {}",
                "{'choiceFlag': false}                   | choice_flag: false",
                "{'int32s': [1, '2', 3e0]}               | int32s: [1, 2, 3]",
                "{'colors': ['RED', 2, 77]}              | colors: [RED, GREEN, 77]",
                "{'blobs': ['AAEC', '']}                 | blobs: ['\\000\\001\\002', '']",
                "{'inners': [{'a': 1}, {}]}              | inners { a: 1 } inners {}",
                "{'nothings': [null, 'NULL_VALUE', 0]}   | nothings: [NULL_VALUE, NULL_VALUE, NULL_VALUE]",
                "{'byInt32': {'1': 2, '-3': 4}}          | by_int32 { key: 1 value: 2 } by_int32 { key: -3 value: 4 }",
                "{'byInt32': {'\\u0031': 2}}             | by_int32 { key: 1 value: 2 }",
                "{'byInt64': {'-9223372036854775808': '1'}} | by_int64 { key: -9223372036854775808 value: 1 }",
                "{'byUint64': {'18446744073709551615': 1}} | by_uint64 { key: 18446744073709551615 value: 1 }",
                "{'byBool': {'tr\\u0075e': true, 'false': false}} | by_bool { key: true value: true } by_bool { value: false }",
                "{'byString': {'': 'x', '@type': 'y'}}   | by_string { key: '' value: 'x' } by_string { key: '@type' value: 'y' }",
                "{'innerByString': {'x': {'a': 1}}}      | inner_by_string { key: 'x' value { a: 1 } }",
                "{'valueByString': {'x': null}}          | value_by_string { key: 'x' value { null_value: NULL_VALUE } }",
                // names: of the JSON, of the file, and what is between
                "{'plainname': 1, 'NameWithEdges': 2, 'name0Digits': 3, 'MixedName': 4, 'twiceUnder': 5, 'other-name': 6} "
                        + "| plainname: 1 _name_with_edges_: 2 name_0_digits: 3 MixedName: 4 twice__under: 5 renamed: 6",
                "{'_name_with_edges_': 2, 'name_0_digits': 3, 'twice__under': 5, 'renamed': 6} "
                        + "| _name_with_edges_: 2 name_0_digits: 3 twice__under: 5 renamed: 6",
                "{'plain\\u006eame': 1}                  | plainname: 1",
                // null means "not given"
                "{'int32Value': null, 'boolValue': null, 'stringValue': null, 'bytesValue': null, 'color': null, 'inner': null, "
                        + "'int32s': null, 'byInt32': null, 'boolWrapper': null, 'boolWrappers': null, 'time': null, 'duration': null, "
                        + "'mask': null, 'struct': null, 'list': null, 'any': null, 'empty': null, 'values': null} |",
                // wrappers
                "{'boolWrapper': false, 'int32Wrapper': 0, 'int64Wrapper': '1', 'uint32Wrapper': 1, 'uint64Wrapper': '1'} "
                        + "| bool_wrapper { value: false } int32_wrapper { value: 0 } int64_wrapper { value: 1 } "
                        + "uint32_wrapper { value: 1 } uint64_wrapper { value: 1 }",
                "{'floatWrapper': 1.5, 'doubleWrapper': 'NaN', 'stringWrapper': '', 'bytesWrapper': 'AQI='} "
                        + "| float_wrapper { value: 1.5 } double_wrapper { value: nan } string_wrapper { value: '' } "
                        + "bytes_wrapper { value: '\\001\\002' }",
                "{'boolWrappers': [true, false], 'stringWrappers': ['']} "
                        + "| bool_wrappers { value: true } bool_wrappers { value: false } string_wrappers { value: '' }",
                // times
                "{'time': '0001-01-01T00:00:00Z'}        | time { seconds: -62135596800 }",
                "{'time': '9999-12-31T23:59:59.999999999Z'} | time { seconds: 253402300799 nanos: 999999999 }",
                "{'time': '1970-01-01T08:00:01+08:00'}   | time { seconds: 1 }",
                "{'time': '1969-12-31T16:00:01-08:00'}   | time { seconds: 1 }",
                "{'time': '1969-12-31T23:59:59.5Z'}      | time { seconds: -1 nanos: 500000000 }",
                "{'time': '2020-02-29T00:00:00.000Z'}    | time { seconds: 1582934400 }",
                "{'times': ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z']} | times {} times { seconds: 1 }",
                "{'duration': '-315576000000.999999999s'} | duration { seconds: -315576000000 nanos: -999999999 }",
                "{'duration': '315576000000.999999999s'} | duration { seconds: 315576000000 nanos: 999999999 }",
                "{'duration': '-0.5s'}                   | duration { nanos: -500000000 }",
                "{'duration': '1.500s'}                  | duration { seconds: 1 nanos: 500000000 }",
                "{'mask': 'foo,barBaz.x1'}               | mask { paths: 'foo' paths: 'bar_baz.x1' }",
                "{'mask': ''}                            | mask {}",
                "{'mask': '*'}                           | mask { paths: '*' }",
                "{'mask': 'aB.*.c,*.d'}                  | mask { paths: 'a_b.*.c' paths: '*.d' }",
                // values of any form
                "{'struct': {'a': null, 'b': 1.5, 'c': [true, 'x'], 'd': {}}} | struct { fields { key: 'a' value { null_value: NULL_VALUE } } "
                        + "fields { key: 'b' value { number_value: 1.5 } } fields { key: 'c' value { list_value { values { bool_value: true } "
                        + "values { string_value: 'x' } } } } fields { key: 'd' value { struct_value {} } } }",
                "{'value': null}                         | value { null_value: NULL_VALUE }",
                "{'value': 'NaN'}                        | value { string_value: 'NaN' }",
                "{'value': {'value': 1}}                 | value { struct_value { fields { key: 'value' value { number_value: 1 } } } }",
                "{'list': []}                            | list {}",
                "{'values': [['a'], null]}               | values { list_value { values { string_value: 'a' } } } "
                        + "values { null_value: NULL_VALUE }",
                "{'empty': {}}                           | empty {}",
                // Any
                "{'any': {}}                             | any {}",
                "{'any': {'@type': 'type.googleapis.com/kinds.v1.Kinds', 'int32Value': 5}} "
                        + "| any { [type.googleapis.com/kinds.v1.Kinds] { int32_value: 5 } }",
                "{'any': {'int32Value': 5, '@type': 'x.y/kinds.v1.Kinds'}} | any { [x.y/kinds.v1.Kinds] { int32_value: 5 } }",
                "{'any': {'@type': 't/google.protobuf.Int32Value', 'value': 5}} | any { [t/google.protobuf.Int32Value] { value: 5 } }",
                "{'any': {'@type': 't/google.protobuf.Duration', 'value': '1.5s'}} "
                        + "| any { [t/google.protobuf.Duration] { seconds: 1 nanos: 500000000 } }",
                "{'any': {'@type': 't/google.protobuf.Value', 'value': null}} "
                        + "| any { [t/google.protobuf.Value] { null_value: NULL_VALUE } }",
                "{'any': {'@type': 't/google.protobuf.Struct', 'value': {'foo': 1}}} "
                        + "| any { [t/google.protobuf.Struct] { fields { key: 'foo' value { number_value: 1 } } } }",
                "{'any': {'@type': 't/google.protobuf.Empty'}} | any { [t/google.protobuf.Empty] {} }",
                "{'any': {'@type': 't/google.protobuf.Empty', 'value': {}}} | any { [t/google.protobuf.Empty] {} }",
                "{'any': {'@type': 't/google.protobuf.Any', 'value': {'@type': 't/kinds.v1.Kinds'}}} "
                        + "| any { [t/google.protobuf.Any] { [t/kinds.v1.Kinds] {} } }",
                "{'any': {'@type': 't/kinds.v1.Old', 'name': 'a', '[kinds.v1.extra]': 1}} "
                        + "| any { [t/kinds.v1.Old] { name: 'a' [kinds.v1.extra]: 1 } }"
            })
    void jsonOfAMessage_isTaken(String json, String text) throws Exception {
        assertThat(read(json)).isEqualTo(parse(text == null ? "" : text, Kinds.newBuilder()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'int32Value': 2147483648}   | field int32Value: 2147483648 (expected: int32)",
                "{'int32Value': -2147483649}  | field int32Value: -2147483649 (expected: int32)",
                "{'int32Value': 0.5}          | field int32Value: 0.5 (expected: int32)",
                "{'int32Value': '3x3'}        | field int32Value: \"3x3\" (expected: int32)",
                "{'int32Value': ''}           | field int32Value: \"\" (expected: int32)",
                "{'int32Value': ' 1'}         | field int32Value: \" 1\" (expected: int32)",
                "{'int32Value': '1 '}         | field int32Value: \"1 \" (expected: int32)",
                "{'int32Value': '+1'}         | field int32Value: \"+1\" (expected: int32)",
                "{'int32Value': '01'}         | field int32Value: \"01\" (expected: int32)",
                "{'int32Value': '0x1'}        | field int32Value: \"0x1\" (expected: int32)",
                "{'int32Value': '1_0'}        | field int32Value: \"1_0\" (expected: int32)",
                "{'int32Value': '١'}          | field int32Value: \"١\" (expected: int32)",
                "{'int32Value': 1e999999999}  | field int32Value: 1e999999999 (expected: int32)",
                "{'int32Value': 1e99999999999} | field int32Value: 1e99999999999 (expected: int32)",
                "{'int32Value': true}         | field int32Value: true (expected: int32)",
                "{'int32Value': [5]}          | field int32Value: [5] (expected: int32)",
                "{'int32Value': {}}           | field int32Value: {} (expected: int32)",
                "{'uint32Value': 4294967296}  | field uint32Value: 4294967296 (expected: uint32)",
                "{'uint32Value': -1}          | field uint32Value: -1 (expected: uint32)",
                "{'uint32Value': 0.5}         | field uint32Value: 0.5 (expected: uint32)",
                "{'int64Value': '9223372036854775808'}   | field int64Value: \"9223372036854775808\" (expected: int64)",
                "{'int64Value': '-9223372036854775809'}  | field int64Value: \"-9223372036854775809\" (expected: int64)",
                "{'int64Value': '0.5'}        | field int64Value: \"0.5\" (expected: int64)",
                "{'uint64Value': '18446744073709551616'} | field uint64Value: \"18446744073709551616\" (expected: uint64)",
                "{'uint64Value': '-1'}        | field uint64Value: \"-1\" (expected: uint64)",
                "{'floatValue': 3.502823e+38} | field floatValue: 3.502823e+38 (expected: float)",
                "{'floatValue': -3.502823e+38} | field floatValue: -3.502823e+38 (expected: float)",
                "{'floatValue': 'infinity'}   | field floatValue: \"infinity\" (expected: float)",
                "{'floatValue': '1f'}         | field floatValue: \"1f\" (expected: float)",
                "{'floatValue': false}        | field floatValue: false (expected: float)",
                "{'doubleValue': 1.89769e+308} | field doubleValue: 1.89769e+308 (expected: double)",
                "{'doubleValue': -1.89769e+308} | field doubleValue: -1.89769e+308 (expected: double)",
                "{'doubleValue': '1d'}        | field doubleValue: \"1d\" (expected: double)",
                "{'doubleValue': '0x1p3'}     | field doubleValue: \"0x1p3\" (expected: double)",
                "{'doubleValue': ''}          | field doubleValue: \"\" (expected: double)",
                "{'boolValue': 0}             | field boolValue: 0 (expected: true or false)",
                "{'boolValue': 1}             | field boolValue: 1 (expected: true or false)",
                "{'boolValue': 'true'}        | field boolValue: \"true\" (expected: true or false)",
                "{'boolValue': [true]}        | field boolValue: [true] (expected: true or false)",
                "{'stringValue': 12345}       | field stringValue: 12345 (expected: a string)",
                "{'stringValue': true}        | field stringValue: true (expected: a string)",
                "{'stringValue': ['Ada']}     | field stringValue: [\"Ada\"] (expected: a string)",
                "{'stringValue': {'a': null}} | field stringValue: {\"a\":null} (expected: a string)",
                "{'bytesValue': 'A'}          | field bytesValue: \"A\" (expected: base64)",
                "{'bytesValue': 'AQ=I'}       | field bytesValue: \"AQ=I\" (expected: base64)",
                "{'bytesValue': 'AQI=='}      | field bytesValue: \"AQI==\" (expected: base64)",
                "{'bytesValue': 'A Q I'}      | field bytesValue: \"A Q I\" (expected: base64)",
                "{'bytesValue': '+_'}         | field bytesValue: \"+_\" (expected: base64)",
                "{'bytesValue': 1}            | field bytesValue: 1 (expected: base64)",
                "{'color': 'BLUE'}            | field color: \"BLUE\" (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'color': 'red'}             | field color: \"red\" (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'color': '1'}               | field color: \"1\" (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'color': 1.5}               | field color: 1.5 (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'color': 2147483648}        | field color: 2147483648 (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'color': true}              | field color: true (expected: one of COLOR_UNSPECIFIED, RED, GREEN, LIME, lime, NEGATIVE)",
                "{'inner': 1}                 | field inner: 1 (expected: an object)",
                "{'inner': [{}]}              | field inner: [{}] (expected: an object)",
                "{'inner': {'inner': {'a': 'x'}}} | field inner.inner.a: \"x\" (expected: int32)",
                "{'inner': {'b': 1}}          | unknown field inner.b in kinds.v1.Kinds.Inner (expected: a, inner)",
                "{'nothing': 'NIL'}           | field nothing: \"NIL\" (expected: one of NULL_VALUE)",
                "{'choiceNumber': 1, 'choiceText': 'x'} | field choiceText: choiceNumber is given too (expected: at most one field of the "
                        + "oneof choice)",
                "{'choiceText': 'x', 'choiceNothing': null} | field choiceNothing: choiceText is given too (expected: at most one field of "
                        + "the oneof choice)",
                "{'inner': {}, 'inner': {}}   | field inner is given twice (expected: once)",
                "{'inner': {'a': 1, 'a': 1}}  | field inner.a is given twice (expected: once)",
                "{'by_int32': {}, 'byInt32': {}} | field byInt32: it is given twice (expected: once, as by_int32 or as byInt32)",
                "{'int32Value': null, 'int32_value': 1} | field int32_value: it is given twice (expected: once, as int32_value or as int32Value)",
                "{'int32s': 1}                | field int32s: 1 (expected: an array)",
                "{'int32s': {'0': 1}}         | field int32s: {\"0\":1} (expected: an array)",
                "{'int32s': [1, false]}       | field int32s[1]: false (expected: int32)",
                "{'int32s': [1, 'name']}      | field int32s[1]: \"name\" (expected: int32)",
                "{'int32s': [[1]]}            | field int32s[0]: [1] (expected: int32)",
                "{'int32s': [1, null]}        | field int32s[1]: null (expected: int32)",
                "{'strings': ['1', 2]}        | field strings[1]: 2 (expected: a string)",
                "{'strings': ['1', {}]}       | field strings[1]: {} (expected: a string)",
                "{'inners': [{'a': 1}, 2]}    | field inners[1]: 2 (expected: an object)",
                "{'inners': [{'a': 1}, null]} | field inners[1]: null (expected: an object)",
                "{'inners': [{'a': true}]}    | field inners[0].a: true (expected: int32)",
                "{'byInt32': [1]}             | field byInt32: [1] (expected: an object)",
                "{'byInt32': {'0': null}}     | field byInt32[0]: null (expected: int32)",
                "{'byInt32': {'a': 1}}        | field byInt32[a]: its key (expected: int32)",
                "{'byInt32': {'01': 1}}       | field byInt32[01]: its key (expected: int32)",
                "{'byInt32': {'1.0': 1}}      | field byInt32[1.0]: its key (expected: int32)",
                "{'byInt32': {' 1': 1}}       | field byInt32[ 1]: its key (expected: int32)",
                "{'byInt32': {'0': 1, '-0': 2}} | field byInt32[-0]: its key is given twice (expected: once)",
                "{'byInt32': {'2147483648': 1}} | field byInt32[2147483648]: its key (expected: int32)",
                "{'byUint32': {'-1': 1}}      | field byUint32[-1]: its key (expected: uint32)",
                "{'byBool': {'True': true}}   | field byBool[True]: its key (expected: true or false)",
                "{'byString': {'a': 1}}       | field byString[a]: 1 (expected: a string)",
                "{'innerByString': {'a': {'a': []}}} | field innerByString[a].a: [] (expected: int32)",
                "{'boolWrapper': 'true'}      | field boolWrapper: \"true\" (expected: true or false)",
                "{'boolWrapper': {'value': true}} | field boolWrapper: {\"value\":true} (expected: true or false)",
                "{'stringWrapper': 1}         | field stringWrapper: 1 (expected: a string)",
                "{'stringWrappers': [null]}   | field stringWrappers[0]: null (expected: a string)",
                "{'int32Wrapper': 1.5}        | field int32Wrapper: 1.5 (expected: int32)",
                "{'struct': []}               | field struct: [] (expected: an object)",
                "{'struct': {'a': [1e400]}}   | field struct.a[0]: 1e400 (expected: double)",
                "{'list': {}}                 | field list: {} (expected: an array)",
                "{'value': 1e400}             | field value: 1e400 (expected: double)",
                "{'empty': {'a': 1}}          | unknown field empty.a in google.protobuf.Empty (expected: no fields)",
                "{'empty': []}                | field empty: [] (expected: an object)",
                "{'any': {'@type': ''}}       | field any: {\"@type\":\"\"} (expected: an object with \"@type\" of a known message)",
                "{'any': {'@type': 'kinds.v1.Kinds'}} | field any: {\"@type\":\"kinds.v1.Kinds\"} (expected: an object with \"@type\" of a known "
                        + "message)",
                "{'any': {'@type': 1}}        | field any: {\"@type\":1} (expected: an object with \"@type\" of a known message)",
                "{'any': {'int32Value': 1}}   | field any: {\"int32Value\":1} (expected: an object with \"@type\" of a known message)",
                "{'any': 'x'}                 | field any: \"x\" (expected: an object with \"@type\" of a known message)",
                "{'any': {'@type': 't/kinds.v1.Kinds', 'int32Value': 'x'}} | field any.int32Value: \"x\" (expected: int32)",
                "{'any': {'@type': 't/kinds.v1.Old', 'number': 1}} | field any.name is missing (expected: a value, as it is required)",
                "{'any': {'@type': 't/google.protobuf.Duration'}} | field any: {\"@type\":\"t/google.protobuf.Duration\"} (expected: \"@type\" and "
                        + "\"value\" alone, as google.protobuf.Duration has a form of its own)",
                "{'any': {'@type': 't/google.protobuf.Duration', 'value': '1s', 'x': 1}} | field any: {\"@type\":\"t/google.protobuf.Duration\","
                        + "\"value\":\"1s\",\"x\":1} (expected: \"@type\" and \"value\" alone, as google.protobuf.Duration has a form of its own)",
                "{'any': {'@type': 't/google.protobuf.Duration', 'value': '1'}} | field any.value: \"1\" (expected: a duration in seconds like "
                        + "\"1.5s\")",
                "{'mask': 'foo,bar_bar'}      | field mask: \"foo,bar_bar\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': 'a,,b'}             | field mask: \"a,,b\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': '*a'}               | field mask: \"*a\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': '*,'}               | field mask: \"*,\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': 'a b'}              | field mask: \"a b\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': 'a..b'}             | field mask: \"a..b\" (expected: field paths like \"title,author.firstName\")",
                "{'mask': ['a']}              | field mask: [\"a\"] (expected: field paths like \"title,author.firstName\")",
                "{'time': 0}                  | field time: 0 (expected: a time like \"2026-01-31T12:00:00Z\")",
                "{'time': {'seconds': 1}}     | field time: {\"seconds\":1} (expected: a time like \"2026-01-31T12:00:00Z\")",
                "{'times': ['1970-01-01T00:00:00Z', 'x']} | field times[1]: \"x\" (expected: a time like \"2026-01-31T12:00:00Z\")",
                "{'[kinds.v1.extra]': 1}      | unknown field [kinds.v1.extra] in kinds.v1.Kinds (expected: int32Value, int64Value, uint32Value, "
                        + "uint64Value, sint32Value, sint64Value, fixed32Value, fixed64Value, sfixed32Value, sfixed64Value, floatValue, "
                        + "doubleValue, boolValue, stringValue, bytesValue, color, inner, nothing, maybeInt32, maybeString, ...)",
                "null                         | the body: null (expected: an object)",
                "[]                           | the body: [] (expected: an object)",
                "'x'                          | the body: \"x\" (expected: an object)"
            })
    void otherJson_isRefusedWithTheFieldAndWhatWasExpected(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2020-02-30T00:00:00Z",
                "2021-02-29T00:00:00Z",
                "2020-13-01T00:00:00Z",
                "2020-00-01T00:00:00Z",
                "2020-01-00T00:00:00Z",
                "2020-01-01T24:00:00Z",
                "2020-01-01T00:60:00Z",
                "2016-12-31T23:59:60Z",
                "2020-1-1T0:0:0Z",
                "20200101T000000Z",
                "2020-01-01 00:00:00Z",
                "2020-01-01t00:00:00Z",
                "2020-01-01T00:00:00z",
                "2020-01-01T00:00:00",
                "2020-01-01T00:00:00+24:00",
                "2020-01-01T00:00:00+2:00",
                "2020-01-01T00:00:00+0200",
                "2020-01-01T00:00:00+00:60",
                "2020-01-01T00:00:00Z+01:00",
                "2020-01-01T00:00:00.1234567890Z",
                "2020-01-01T00:00:00.Z",
                "2020-01-01T00:00:00,5Z",
                "10000-01-01T00:00:00Z",
                "0000-12-31T23:59:59Z",
                "0001-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01",
                "-2020-01-01T00:00:00Z",
                "2020-01-01T00:00Z",
                " 2020-01-01T00:00:00Z",
                "2020-01-01T00:00:00Z\\n",
                "２０２０-01-01T00:00:00Z",
                ""
            })
    void timeThatIsNone_isRefused(String time) {
        assertThatThrownBy(() -> read("{'time': '" + time + "'}"))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageStartingWith("field time: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "s",
                "1S",
                "1.s",
                ".5s",
                "1e3s",
                "1s ",
                " 1s",
                "+1s",
                "--1s",
                "1.-5s",
                "01s",
                "1.1234567891s",
                "1.5.5s",
                "315576000001s",
                "-315576000001s",
                "9223372036854775808s",
                "0x1s",
                "1_0s",
                "١s",
                "1s\\n",
                ""
            })
    void durationThatIsNone_isRefused(String duration) {
        assertThatThrownBy(() -> read("{'duration': '" + duration + "'}"))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageStartingWith("field duration: ");
    }

    @Test
    void anyOfAnUnknownType_saysWhichType() {
        assertThatExceptionOfType(UnknownTypeException.class)
                .isThrownBy(() -> read("{'anys': [{}, {'@type': 't/else.Where', 'x': 1}]}"))
                .withMessage(
                        "field anys[1]: {\"@type\":\"t/else.Where\",\"x\":1} (expected: an object with \"@type\" of a known message)")
                .satisfies(unknown -> assertThat(unknown.typeName()).isEqualTo("else.Where"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name': 'a', 'number': 0, 'shade': 'LIGHT'} | name: 'a' number: 0 shade: LIGHT",
                "{'name': 'a', 'shade': 1, '[kinds.v1.extra]': 5, '[kinds.v1.labels]': ['x']} "
                        + "| name: 'a' shade: DARK [kinds.v1.extra]: 5 [kinds.v1.labels]: 'x'",
                "{'name': 'a', '[kinds.v1.Old.scoped]': {'name': 'b'}} | name: 'a' [kinds.v1.Old.scoped] { name: 'b' }"
            })
    void olderLanguage_isTakenWithExtensions(String json, String text) throws Exception {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        OldProto.registerAllExtensions(registry);
        Old.Builder expected = Old.newBuilder();
        TextFormat.merge(text, registry, expected);

        assertThat(Old.parseFrom(read(json, Old.getDescriptor()).toByteString(), registry))
                .isEqualTo(expected.build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'number': 1}                          | field name is missing (expected: a value, as it is required)",
                "{'name': null}                         | field name is missing (expected: a value, as it is required)",
                "{'name': 'a', 'parts': [{'name': 'b'}, {}]} | field parts[1].name is missing (expected: a value, as it is required)",
                "{'name': 'a', 'shade': 3}              | field shade: 3 (expected: one of DARK, LIGHT)",
                "{'name': 'a', '[kinds.v1.none]': 3}    | unknown field [kinds.v1.none] in kinds.v1.Old (expected: name, number, shade, part, "
                        + "parts)",
                "{'name': 'a', '[kinds.v1.extra]': 'x'} | field [kinds.v1.extra]: \"x\" (expected: int32)"
            })
    void olderLanguage_isHeldToWhatItRequires(String json, String message) {
        assertThatThrownBy(() -> read(json, Old.getDescriptor()))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessage(message);
    }

    @Test
    void editions_areReadByTheirFeatures() throws Exception {
        Descriptor edition = edition();
        Message read = read(
                "{'explicit': 0, 'implicit': 0, 'closed': 'ALL', 'delimited': {'needed': ''}, 'needed': 'x'}", edition);

        assertThat(read.toString())
                .isEqualTo("explicit: 0\nclosed: ALL\ndelimited {\n  needed: \"\"\n}\nneeded: \"x\"\n");
        assertThatThrownBy(() -> read("{'needed': '', 'closed': 5}", edition))
                .hasMessage("field closed: 5 (expected: one of NONE, ALL)");
        assertThatThrownBy(() -> read("{}", edition))
                .hasMessage("field needed is missing (expected: a value, as it is required)");
    }

    private static Descriptor edition() throws DescriptorValidationException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("edition.proto")
                .setPackage("kinds.v1")
                .setSyntax("editions")
                .setEdition(DescriptorProtos.Edition.EDITION_2023);
        file.addEnumTypeBuilder()
                .setName("Strictness")
                .setOptions(EnumOptions.newBuilder()
                        .setFeatures(FeatureSet.newBuilder().setEnumType(FeatureSet.EnumType.CLOSED)))
                .addValue(EnumValueDescriptorProto.newBuilder().setName("NONE").setNumber(0))
                .addValue(EnumValueDescriptorProto.newBuilder().setName("ALL").setNumber(1));
        file.addMessageTypeBuilder()
                .setName("Edition")
                .addField(field("explicit", 1, FieldDescriptorProto.Type.TYPE_INT32, FeatureSet.newBuilder()))
                .addField(field(
                        "implicit",
                        2,
                        FieldDescriptorProto.Type.TYPE_INT32,
                        FeatureSet.newBuilder().setFieldPresence(FeatureSet.FieldPresence.IMPLICIT)))
                .addField(field("closed", 3, FieldDescriptorProto.Type.TYPE_ENUM, FeatureSet.newBuilder())
                        .setTypeName(".kinds.v1.Strictness"))
                .addField(field(
                                "delimited",
                                4,
                                FieldDescriptorProto.Type.TYPE_MESSAGE,
                                FeatureSet.newBuilder().setMessageEncoding(FeatureSet.MessageEncoding.DELIMITED))
                        .setTypeName(".kinds.v1.Edition"))
                .addField(field(
                        "needed",
                        5,
                        FieldDescriptorProto.Type.TYPE_STRING,
                        FeatureSet.newBuilder().setFieldPresence(FeatureSet.FieldPresence.LEGACY_REQUIRED)));
        return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]).findMessageTypeByName("Edition");
    }

    private static FieldDescriptorProto.Builder field(
            String name, int number, FieldDescriptorProto.Type type, FeatureSet.Builder features) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setOptions(FieldOptions.newBuilder().setFeatures(features));
    }

    @Test
    void nesting_isBoundedByMessages_alsoInsideOfValuesAndAnys() throws Exception {
        assertThat(read("{'inner':".repeat(100) + "{}" + "}".repeat(100))).isNotNull();
        for (String deep : new String[] {
            "{'inner':".repeat(101) + "{}" + "}".repeat(101),
            "{'value':" + "[".repeat(60) + "]".repeat(60) + "}",
            "{'struct':" + "{'a':".repeat(60) + "1" + "}".repeat(60) + "}",
            "{'any':" + "{'@type':'t/google.protobuf.Any','value':".repeat(101) + "{}" + "}".repeat(101) + "}"
        }) {
            assertThatThrownBy(() -> read(deep))
                    .isInstanceOf(ProtoJsonException.class)
                    .hasMessage("the body is nested too deep (expected: at most 100 messages in each other)");
        }
    }

    @Test
    void quotedValue_isCutBetweenCharacters() {
        assertThatThrownBy(() -> read("{'int32Value': 'a" + "😁".repeat(100) + "'}"))
                .hasMessage("field int32Value: \"a" + "😁".repeat(29) + "... (expected: int32)");
    }

    private static Message read(String json) throws InvalidProtocolBufferException {
        return Kinds.parseFrom(read(json, Kinds.getDescriptor()).toByteString());
    }

    /** With single quotes for double ones. */
    private static Message read(String json, Descriptor type) {
        return MessageReader.read(JsonText.parse(json.replace('\'', '"')), type, TYPES);
    }

    private static Message parse(String text, Message.Builder builder) throws TextFormat.ParseException {
        TextFormat.Parser.newBuilder().setTypeRegistry(TEXT_TYPES).build().merge(text, extensions(), builder);
        return builder.build();
    }

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        OldProto.registerAllExtensions(registry);
        return registry;
    }
}
