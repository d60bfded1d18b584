using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>The marks that were found in a file that came in. Its id is the asset's. An asset that came in and has no such row was not read yet, which prohibits all.</summary>
internal sealed class AssetMarks : ITenantOwned
{
    public const string FoundColumn = "asset_marks.found";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>What they say together against each use, a letter for each (<see cref="UsageWords.WriteRights"/>).</summary>
    public required string Objections { get; init; }

    /// <summary>Each as JSON, under the recording's key: its value is a stranger's words. Null where there are none.</summary>
    public SealedText? Found { get; init; }

    public static AssetMarks Of(RecordingAsset asset, IReadOnlyList<FoundMark> marks, OwnerKey key) => new()
    {
        TenantId = asset.TenantId,
        Id = asset.Id,
        Objections = UsageWords.WriteRights(marks.Aggregate(UsageRights.NoObjection, (rights, mark) => rights.Join(mark.Objections))),
        Found = marks.Count == 0 ? null : SealedText.Seal(
            key, asset.TenantId, asset.Id, FoundColumn,
            JsonSerializer.Serialize(marks.Select(mark => new FoundWords(mark.Carrier, mark.Value, UsageWords.WriteRights(mark.Objections))), JsonSerializerOptions.Web)),
    };

    public IReadOnlyList<FoundMark> Open(OwnerKey key) => Found is not { } found ? [] :
        [.. (JsonSerializer.Deserialize<List<FoundWords>>(found.Open(key, TenantId, Id, FoundColumn), JsonSerializerOptions.Web) ?? []).Select(mark => new FoundMark(mark.Carrier, mark.Value, UsageWords.RightsOfRow(mark.Objections)))];

    private sealed record FoundWords(string Carrier, string Value, string Objections);
}

internal sealed class AssetMarksTable : IEntityTypeConfiguration<AssetMarks>
{
    public void Configure(EntityTypeBuilder<AssetMarks> builder)
    {
        builder.ToTable("AssetMarks");
        builder.HasKey(marks => new { marks.TenantId, marks.Id });
        builder.Property(marks => marks.Objections).HasMaxLength(8);
        builder.HasOne<RecordingAsset>().WithOne().HasForeignKey<AssetMarks>(marks => new { marks.TenantId, marks.Id }).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Marks go with their recording.</summary>
internal sealed class AssetMarksRows(VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.AssetMarks.Where(marks => db.RecordingAssets.Any(asset => asset.Id == marks.Id && asset.RecordingId == recordingId)).ExecuteDeleteAsync(cancellationToken);
}
