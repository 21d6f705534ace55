// The one reader of JSON that people wrote: what it takes, and the place and the reason of what it refuses.

#include "sim/replay/json_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

std::string refusal(const std::string& text) {
  try {
    parse_json("f.json", text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(JsonReader, TakesWhatTheLibraryTakes) {
  for (const char* text :
       {"null", "true", "-3", "18446744073709551615", "0.5", "1e308", "\"a\\u00e9\\n\"", "[]", "{}",
        R"({"a": [1, {"b": [null, {"c": "]]}}"}]}, "\"["], "d": {"a": {}, "b": -1.5e-3}})"}) {
    EXPECT_EQ(parse_json("f.json", text), nlohmann::json::parse(text)) << text;
  }
}

TEST(JsonReader, NamesLineColumnAndReasonOfWhatIsNoJson) {
  EXPECT_EQ(refusal("{\n  \"a\": [1,]\n}"),
            "f.json: line 2, column 11: expected JSON, got: syntax error while parsing value - unexpected "
            "']'; expected '[', '{', or a literal");
  EXPECT_EQ(
      refusal("{} {}"),
      "f.json: line 1, column 4: expected JSON, got: syntax error while parsing value - unexpected '{'; "
      "expected end of input");
}

// The library takes it for the end of the text, and would not look at what follows.
TEST(JsonReader, RefusesANulBehindTheEnd) {
  using std::string_literals::operator""s;
  for (const std::string& rest : {"\0"s, "\0\0\0"s, "\0{}"s}) {
    EXPECT_EQ(refusal("{}" + rest), "f.json: line 1, column 3: expected the end of the JSON, got a NUL byte");
  }
  EXPECT_EQ(refusal("[1]\n \0"s), "f.json: line 2, column 2: expected the end of the JSON, got a NUL byte");
  EXPECT_EQ(refusal("{\0}"s).substr(0, 49), "f.json: line 1, column 2: expected JSON, got: syn");
  EXPECT_EQ(refusal("\"a\0b\""s).substr(0, 49), "f.json: line 1, column 3: expected JSON, got: syn");
  EXPECT_EQ(refusal(R"("a\u0000")"), "accepted");
}

TEST(JsonReader, NamesTheKeyThatIsGivenTwice) {
  EXPECT_EQ(refusal(R"({"a": 1, "b": 2, "a": 3})"), "f.json: /a: expected this key once, got it twice");
  EXPECT_EQ(refusal(R"([{"a": 1}, {"b": [[], {"c": {"d": 1, "d": 1}}]}])"),
            "f.json: /1/b/1/c/d: expected this key once, got it twice");
  EXPECT_EQ(refusal(R"({"a": {"a": {"b": 1}}, "b": {"a": 1}})"), "accepted");
}

TEST(JsonReader, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(refusal("1e999"), "f.json: expected a number between -1.8e308 and 1.8e308, got 1e999");
  EXPECT_EQ(refusal(R"({"a": [{"b": 1}, [2, -1e999]]})"),
            "f.json: /a/1/1: expected a number between -1.8e308 and 1.8e308, got -1e999");
  EXPECT_EQ(refusal(R"({"a": {"b": 1e999}})"),
            "f.json: /a/b: expected a number between -1.8e308 and 1.8e308, got 1e999");
}

// Far below what a stack holds of values that are in each other.
TEST(JsonReader, RefusesDeepNestingWhereItBegins) {
  EXPECT_EQ(refusal(nested(64)), "accepted");
  EXPECT_EQ(refusal(nested(65)),
            "f.json: line 1, column 65: expected at most 64 lists and objects in each other, got one more");
  EXPECT_EQ(refusal("{\"[\\\"{\": [[[]], {}],\n \"b\": " + nested(1'000'000) + "}"),
            "f.json: line 2, column 70: expected at most 64 lists and objects in each other, got one more");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal(objects),
            "f.json: line 1, column 321: expected at most 64 lists and objects in each other, got one more");
}

class JsonFile : public testing::Test {
 protected:
  std::string refusal(const std::string& path) {
    try {
      read_json(path, "a plan", 100);
    } catch (const InputError& error) {
      const std::string line = error.what();
      EXPECT_EQ(line.compare(0, path.size() + 2, path + ": "), 0) << line;
      return line.substr(std::min(line.size(), path.size() + 2));
    }
    return "accepted";
  }
  test::Folder folder_;
};

TEST_F(JsonFile, SaysWhyItCannotBeRead) {
  EXPECT_EQ(refusal(folder_.path("none")),
            "expected a plan that can be read, got: No such file or directory");
  EXPECT_EQ(refusal(folder_.root()), "expected a plan, got a directory");
  EXPECT_EQ(refusal(folder_.write("empty", "")), "expected a plan, got an empty file");
  EXPECT_EQ(refusal(folder_.write("fits", std::string(98, ' ') + "{}")), "accepted");
  EXPECT_EQ(refusal(folder_.write("long", std::string(101, ' '))),
            "expected a plan of at most 100 bytes, got 101 bytes");
}

// Nobody writes into the one, the others have no end or say that they are empty.
TEST_F(JsonFile, IsNotReadUnlessItIsARegularOne) {
  ASSERT_EQ(mkfifo(folder_.path("fifo").c_str(), 0600), 0);
  for (const std::string& path : {folder_.path("fifo"), std::string("/dev/zero"), std::string("/dev/null")}) {
    EXPECT_EQ(refusal(path), "expected a plan, got no regular file") << path;
  }
  EXPECT_EQ(refusal("/proc/self/maps").find("expected a plan of at most 100 bytes, got "), 0u)
      << "a file that says it has no bytes";
}

}  // namespace
}  // namespace ringproof
