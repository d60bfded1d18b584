using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RecordingVault.Vault.Audit;

/// <summary>Who acted. Names in the leaf are the lower-case names of these members.</summary>
public enum AuditActorKind
{
    Member,
    Token,
    Share,
    System,
    Operator,

    /// <summary>Somebody who was recorded, by a link of his own.</summary>
    Participant,
}

/// <summary>What was acted on.</summary>
public enum AuditTargetKind
{
    Tenant,
    Member,
    Token,
    Recording,
    Upload,
    Share,
    Invitation,
}

/// <summary>Whether the act was let through.</summary>
public enum AuditOutcome
{
    Allowed,
    Refused,
}

/// <summary>A personal or free value of an event, with the 16 random bytes that hide it in the leaf.</summary>
/// <param name="Name">ASCII name of the field, such as <c>recipient</c>.</param>
/// <param name="Salt">16 bytes.</param>
/// <param name="Value">The value in clear; stored sealed, never in the leaf.</param>
public sealed record AuditField(string Name, ReadOnlyMemory<byte> Salt, string Value)
{
    /// <summary>A field with a fresh salt.</summary>
    public static AuditField New(string name, string value) => new(name, RandomNumberGenerator.GetBytes(16), value);

    /// <summary>SHA-256(salt ‖ name ‖ 00 ‖ value), 32 bytes: all that the leaf keeps of the value (docs/audit-log.md).</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Salt.Span);
        hash.AppendData(Encoding.UTF8.GetBytes(Name));
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes(Value));
        return hash.GetHashAndReset();
    }
}

/// <summary>
/// The canonical leaf of an audit event: UTF-8 JSON with a fixed member order, no white space and ASCII content only, so that it has
/// one encoding (docs/audit-log.md). Proofs stand on these bytes; they never change once written.
/// </summary>
public sealed record AuditLeaf(
    Guid TenantId,
    long Number,
    Guid EventId,
    DateTimeOffset Time,
    string Type,
    AuditActorKind ActorKind,
    Guid? ActorId,
    AuditTargetKind? TargetKind,
    Guid? TargetId,
    AuditOutcome Outcome,
    bool Decrypted,
    IReadOnlyList<AuditField> Fields)
{
    /// <summary>Entries of a tiled log are limited to 65,535 bytes (C2SP tlog-tiles).</summary>
    public const int MaxLength = 65_535;

    /// <summary>The leaf's bytes.</summary>
    /// <exception cref="ArgumentException">The type or a field name is not plain ASCII of its kind.</exception>
    /// <exception cref="InvalidOperationException">The leaf would be longer than <see cref="MaxLength"/>.</exception>
    public byte[] Encode()
    {
        RequireName(Type);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("tenant", TenantId);
            json.WriteNumber("number", Number);
            json.WriteString("id", EventId);
            json.WriteString("time", Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("type", Type);
            WriteParty(json, "actor", ActorKind.ToString(), ActorId);
            if (TargetKind is { } kind)
                WriteParty(json, "target", kind.ToString(), TargetId);
            else
                json.WriteNull("target");
            json.WriteString("outcome", Lower(Outcome.ToString()));
            json.WriteBoolean("decrypted", Decrypted);
            json.WriteStartObject("fields");
            foreach (var field in Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
            {
                RequireName(field.Name);
                json.WriteString(field.Name, Convert.ToHexStringLower(field.Digest()));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (bytes.Length > MaxLength)
            throw new InvalidOperationException("An audit leaf is limited to 65,535 bytes.");
        return bytes.ToArray();
    }

    private static void WriteParty(Utf8JsonWriter json, string name, string kind, Guid? id)
    {
        json.WriteStartObject(name);
        json.WriteString("kind", Lower(kind));
        if (id is { } value)
            json.WriteString("id", value);
        else
            json.WriteNull("id");
        json.WriteEndObject();
    }

    private static void RequireName(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-' or '_'))
            throw new ArgumentException($"\"{name}\" is not a name of 1 to 64 lower-case ASCII letters, digits, dots, hyphens and underscores.", nameof(name));
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
