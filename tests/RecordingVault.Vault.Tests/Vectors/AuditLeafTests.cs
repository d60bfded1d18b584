using System.Text;
using System.Text.Json;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>The leaves of tests/vectors/audit-leaves.json, byte by byte: proofs stand on them, so no version may write one of them otherwise.</summary>
public sealed class AuditLeafTests
{
    public static TheoryData<string> Names => [.. Leaves().EnumerateArray().Select(leaf => leaf.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_leaf_is_these_bytes_for_ever(string name)
    {
        var vector = Leaves().EnumerateArray().Single(leaf => leaf.GetProperty("name").GetString() == name);
        var given = vector.GetProperty("event");
        var target = given.GetProperty("target");

        var leaf = new AuditLeaf(
            given.GetProperty("tenant").GetGuid(),
            given.GetProperty("number").GetInt64(),
            given.GetProperty("id").GetGuid(),
            given.GetProperty("time").GetDateTimeOffset(),
            given.GetProperty("type").GetString()!,
            Enum.Parse<AuditActorKind>(given.GetProperty("actor").GetProperty("kind").GetString()!, ignoreCase: true),
            IdOf(given.GetProperty("actor")),
            target.ValueKind == JsonValueKind.Null ? null : Enum.Parse<AuditTargetKind>(target.GetProperty("kind").GetString()!, ignoreCase: true),
            target.ValueKind == JsonValueKind.Null ? null : IdOf(target),
            Enum.Parse<AuditOutcome>(given.GetProperty("outcome").GetString()!, ignoreCase: true),
            given.GetProperty("decrypted").GetBoolean(),
            [.. given.GetProperty("values").EnumerateArray().Select(value =>
                new AuditField(value.GetProperty("name").GetString()!, Convert.FromHexString(value.GetProperty("salt").GetString()!), value.GetProperty("value").GetString()!))]);

        var bytes = leaf.Encode();
        Assert.Equal(Encoding.UTF8.GetString(Convert.FromHexString(vector.GetProperty("leaf").GetString()!)), Encoding.UTF8.GetString(bytes));
        Assert.Equal(vector.GetProperty("leaf").GetString(), Convert.ToHexStringLower(bytes));
    }

    private static Guid? IdOf(JsonElement party) => party.GetProperty("id") is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;

    private static JsonElement Leaves() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(VectorCase.Folder, "audit-leaves.json"))).RootElement;
}
