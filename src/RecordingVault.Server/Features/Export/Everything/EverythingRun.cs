using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Export.Everything;

internal enum RunState
{
    /// <summary>A job makes one package after the other, as there is room.</summary>
    Running = 1,

    /// <summary>Every recording was looked at in this round, and nothing is being built.</summary>
    Over = 2,

    /// <summary>Somebody stopped it; what is packed stays.</summary>
    Stopped = 3,

    /// <summary>Who began it is signed out, or may not do so any more: nothing is packed on behalf of nobody.</summary>
    SignedOut = 4,
}

/// <summary>
/// The wish to take every recording along, as packages. It has no list of its own: what it still has to do follows from the packages that it made, so that it goes on wherever it was
/// killed, and a recording that came meanwhile is taken in.
/// </summary>
internal sealed class EverythingRun : ITenantOwned
{
    public const string RecipientColumn = "everything_runs.recipient";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Purpose For { get; init; }

    /// <summary>Under the tenant's data key: each package has it under its own.</summary>
    public required SealedText Recipient { get; set; }

    /// <summary>Who began it or had it go on last, and by what he came: each package is asked for in his name.</summary>
    public required Guid MemberId { get; set; }
    public Guid? SessionId { get; set; }
    public Guid? TokenId { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the licence in its packages ends.</summary>
    public required DateTimeOffset LicensedUntil { get; init; }
    public required RunState State { get; set; }

    /// <summary>From 1; each time that somebody has it go on, what was refused, failed or went unfetched is looked at once more.</summary>
    public required int Round { get; set; }

    /// <summary>Until when the job that makes packages is believed to be at it.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
}

internal sealed class EverythingRunTable : IEntityTypeConfiguration<EverythingRun>
{
    public void Configure(EntityTypeBuilder<EverythingRun> builder)
    {
        builder.HasKey(run => new { run.TenantId, run.Id });
        builder.HasIndex(run => new { run.TenantId, run.State });
        builder.Property(run => run.For).HasColumnName("stated_for").HasConversion<string>().HasMaxLength(16);
        builder.Property(run => run.State).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(run => run.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
