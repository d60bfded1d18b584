using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>A challenge that somebody answered, rightly or not: it is never taken again. Kept until it would have run out anyway.</summary>
internal sealed class AnsweredChallenge
{
    public required Guid Id { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}

internal sealed class AnsweredChallengeTable : IEntityTypeConfiguration<AnsweredChallenge>
{
    public void Configure(EntityTypeBuilder<AnsweredChallenge> builder)
    {
        builder.ToTable("AnsweredChallenges");
        builder.HasKey(challenge => challenge.Id);
        builder.HasIndex(challenge => challenge.EndsAt);
    }
}
