using System.Text.Json;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>Where a copy for one recipient lies, as a manifest says it of other files: sealed in its row, so that whoever can write rows can't put another file in its place.</summary>
/// <param name="File">The film.</param>
/// <param name="Layout">How it leaves with the marks that no eye sees.</param>
internal sealed record CopyParts(ManifestAsset File, ManifestAsset Layout)
{
    /// <summary>SHA-256 of the front of a view from which the signed one was made.</summary>
    public required byte[] PlainDigest { get; init; }

    /// <summary>The sealed front with both marks; null where it could not be signed.</summary>
    public Guid? FrontId { get; init; }
    public byte[]? FrontDigest { get; init; }

    /// <summary>SHA-256 of the whole file that a download gives.</summary>
    public byte[]? FileDigest { get; init; }

    /// <exception cref="SealedFormatException">The row was changed.</exception>
    public static CopyParts? Of(RecipientCopy copy, OwnerKey key) =>
        copy.Parts is { } parts ? JsonSerializer.Deserialize<CopyParts>(parts.Open(key, copy.TenantId, copy.Id, RecipientCopy.PartsColumn), JsonSerializerOptions.Web) : null;

    public SealedText Seal(RecipientCopy copy, OwnerKey key) => SealedText.Seal(key, copy.TenantId, copy.Id, RecipientCopy.PartsColumn, JsonSerializer.Serialize(this, JsonSerializerOptions.Web));

    public IEnumerable<(ObjectRole Role, Guid ObjectId)> Objects()
    {
        var objects = File.Segments.Select(segment => (File.Role, segment.ObjectId)).Concat(Layout.Segments.Select(segment => (Layout.Role, segment.ObjectId)));
        return FrontId is { } front ? objects.Append((ObjectRole.MarkedFront, front)) : objects;
    }

    /// <summary>The signed front as whoever opens fronts takes it; null where there is none.</summary>
    public StoredFront? Front(RecipientCopy copy) => FrontId is null ? null : new StoredFront
    {
        TenantId = copy.TenantId,
        Id = File.Id,
        RecordingId = copy.RecordingId,
        Tag = copy.MadeTag ?? "",
        PlainDigest = PlainDigest,
        ObjectId = FrontId,
        FrontDigest = FrontDigest,
        FileDigest = FileDigest,
        MadeAt = copy.RunSince ?? default,
    };
}
