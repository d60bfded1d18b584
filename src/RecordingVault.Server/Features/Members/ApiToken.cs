using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Members;

/// <summary>A bearer token for scripts (`rvt_…`), stored as SHA-256; its role is never higher than its maker's at the moment of use (security.md 9).</summary>
internal sealed class ApiToken : ITenantOwned, IListed
{
    public const string NameColumn = "api_tokens.name";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; init; }
    public required Guid MemberId { get; init; }
    public required Role Role { get; init; }

    /// <summary>Sealed under the tenant data key.</summary>
    public required SealedText Name { get; init; }

    /// <summary>What content may leave for by this token (<see cref="TokenPurposes"/>), with blanks between.</summary>
    public required string Purposes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The token that asked for this one, where it was not a person: it can't outlive it, and is revoked with it.</summary>
    public Guid? MadeByTokenId { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}

internal sealed class ApiTokenTable : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.HasKey(token => new { token.TenantId, token.Id });
        builder.Property(token => token.SecretHash).HasMaxLength(32);
        builder.Property(token => token.Role).HasConversion<string>().HasMaxLength(16);
        // Tokens from before there was a list may what they could.
        builder.Property(token => token.Purposes).HasMaxLength(256).HasDefaultValue(TokenPurposes.Write(["view", "download"]));
        builder.HasIndex(token => new { token.TenantId, token.CreatedAt, token.Id });
        builder.HasOne<ApiToken>().WithMany().HasForeignKey(token => new { token.TenantId, token.MadeByTokenId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Member>().WithMany().HasForeignKey(token => token.MemberId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(token => token.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
