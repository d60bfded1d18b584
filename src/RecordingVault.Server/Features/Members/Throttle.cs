using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace RecordingVault.Server.Features.Members;

/// <summary>Failed tries against one thing (account, address, link), counted before the check so that parallel tries count (security.md 9).</summary>
internal sealed class Throttle
{
    /// <summary>Keyed digest of what is throttled: the row names nobody.</summary>
    public required string Subject { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset LastTryAt { get; init; }
}

internal sealed class ThrottleTable : IEntityTypeConfiguration<Throttle>
{
    public void Configure(EntityTypeBuilder<Throttle> builder)
    {
        builder.HasKey(throttle => throttle.Subject);
        builder.HasIndex(throttle => throttle.LastTryAt);
        builder.Property(throttle => throttle.Subject).HasMaxLength(64);
    }
}
