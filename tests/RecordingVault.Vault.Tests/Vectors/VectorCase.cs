using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>One file of tests/vectors/cases, as its README describes it.</summary>
internal sealed class VectorCase
{
    private readonly JsonElement members;

    private VectorCase(JsonElement members) => this.members = members;

    public static string Folder { get; } = Path.Combine(Checkout.Root, "tests", "vectors");

    public string Kind => Text("kind");

    public JsonElement Expect => members.GetProperty("expect");

    public string Result => Expect.GetProperty("result").GetString()!;

    public long Released => Expect.TryGetProperty("released", out var released) ? released.GetInt64() : 0;

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Path.Combine(Folder, "cases"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    public static VectorCase Load(string name) =>
        new(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "cases", $"{name}.json"))).RootElement);

    public bool TryGet(string name, out JsonElement value) => members.TryGetProperty(name, out value);

    public string Text(string name) => members.GetProperty(name).GetString()!;

    public byte[] Hex(string name) => Convert.FromHexString(Text(name));

    public Guid Id(string name) => Guid.Parse(Text(name), CultureInfo.InvariantCulture);

    public Guid PlaceId(string name) =>
        members.GetProperty("place").TryGetProperty(name, out var id) ? Guid.Parse(id.GetString()!, CultureInfo.InvariantCulture) : Guid.Empty;

    public long PlaceNumber(string name) => members.GetProperty("place").GetProperty(name).GetInt64();

    public byte[] Bytes(string name) => Expand(members.GetProperty(name));

    public IEnumerable<(string Name, byte[] Bytes)> Objects() =>
        members.GetProperty("objects").EnumerateObject().Select(found => (found.Name, Expand(found.Value)));

    private static byte[] Expand(JsonElement pieces)
    {
        using var joined = new MemoryStream();
        foreach (var piece in pieces.EnumerateArray()) joined.Write(Piece(piece));
        return joined.ToArray();
    }

    private static byte[] Piece(JsonElement piece)
    {
        if (piece.TryGetProperty("hex", out var hex)) return Convert.FromHexString(hex.GetString()!);
        if (piece.TryGetProperty("utf8", out var text)) return Encoding.UTF8.GetBytes(text.GetString()!);
        if (piece.TryGetProperty("repeat", out var repeated))
            return [.. Enumerable.Repeat(Convert.FromHexString(repeated.GetString()!), piece.GetProperty("times").GetInt32()).SelectMany(bytes => bytes)];
        if (piece.TryGetProperty("template", out var template))
        {
            var count = piece.GetProperty("count").GetInt32();
            var all = Enumerable.Range(0, count).Select(i => template.GetString()!.Replace("%012x", i.ToString("x12", CultureInfo.InvariantCulture), StringComparison.Ordinal));
            return Encoding.UTF8.GetBytes(string.Join(piece.GetProperty("separator").GetString(), all));
        }
        var body = File.ReadAllBytes(Path.Combine(Folder, "bodies", piece.GetProperty("file").GetString()!));
        return body.AsSpan(piece.GetProperty("from").GetInt32(), piece.GetProperty("length").GetInt32()).ToArray();
    }
}
