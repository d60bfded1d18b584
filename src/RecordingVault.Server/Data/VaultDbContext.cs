using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Consent.Tasks;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Export.Everything;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Operators.Passkeys;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.Recordings.Disposing;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Features.Rights;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Features.UsageTags.DataUse;
using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Data;

/// <summary>
/// One model for SQLite and PostgreSQL. Tenant rows are walled three times: by keys that begin with tenant_id, by the
/// filter named <see cref="TenantFilter"/> over a property that throws without a tenant, and by the guard on saving.
/// </summary>
internal abstract class VaultDbContext(DbContextOptions options, TenantContext tenant)
    : IdentityUserContext<Member, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The only name under which the tenant wall may be lifted, and only in files that the architecture test lists.</summary>
    public const string TenantFilter = "tenant";

    private readonly List<Action> afterCommit = [];

    public Guid TenantId => tenant.TenantId;

    public DbSet<VaultKeyWrap> VaultKeyWraps => Set<VaultKeyWrap>();
    public DbSet<KeyWrap> KeyWraps => Set<KeyWrap>();
    public DbSet<TenantSigningKey> TenantSigningKeys => Set<TenantSigningKey>();
    public DbSet<PublishedKey> PublishedKeys => Set<PublishedKey>();
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();
    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();
    public DbSet<Tenant> Tenants => Set<Tenant>();
    public DbSet<Locator> Locators => Set<Locator>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Throttle> Throttles => Set<Throttle>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<OutgoingMail> OutgoingMails => Set<OutgoingMail>();
    public DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();
    public DbSet<AddressChange> AddressChanges => Set<AddressChange>();
    public DbSet<AddressReturn> AddressReturns => Set<AddressReturn>();
    public DbSet<FactorRemoval> FactorRemovals => Set<FactorRemoval>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<AnsweredChallenge> AnsweredChallenges => Set<AnsweredChallenge>();
    public DbSet<Recording> Recordings => Set<Recording>();
    public DbSet<Collection> Collections => Set<Collection>();
    public DbSet<Disposition> Dispositions => Set<Disposition>();
    public DbSet<CollectedRecording> CollectedRecordings => Set<CollectedRecording>();
    public DbSet<RecordingDisposal> RecordingDisposals => Set<RecordingDisposal>();
    public DbSet<RetentionSchedule> RetentionSchedules => Set<RetentionSchedule>();
    public DbSet<ScheduleChange> ScheduleChanges => Set<ScheduleChange>();
    public DbSet<Matter> Matters => Set<Matter>();
    public DbSet<LegalHold> LegalHolds => Set<LegalHold>();
    public DbSet<HoldPin> HoldPins => Set<HoldPin>();
    public DbSet<RetentionRun> RetentionRuns => Set<RetentionRun>();
    public DbSet<DueFeed> DueFeeds => Set<DueFeed>();
    public DbSet<RecordingAsset> RecordingAssets => Set<RecordingAsset>();
    public DbSet<StoredFront> StoredFronts => Set<StoredFront>();
    public DbSet<RecipientCopy> RecipientCopies => Set<RecipientCopy>();
    public DbSet<AssetProcessing> AssetProcessings => Set<AssetProcessing>();
    public DbSet<DataUseVersion> DataUseVersions => Set<DataUseVersion>();
    public DbSet<Processor> Processors => Set<Processor>();
    public DbSet<AssetMarks> AssetMarks => Set<AssetMarks>();
    public DbSet<LooseningRequest> LooseningRequests => Set<LooseningRequest>();
    public DbSet<RecordingMove> RecordingMoves => Set<RecordingMove>();
    public DbSet<RecordingCut> RecordingCuts => Set<RecordingCut>();
    public DbSet<EditPlan> EditPlans => Set<EditPlan>();
    public DbSet<MovedAsset> MovedAssets => Set<MovedAsset>();
    public DbSet<MovedSegment> MovedSegments => Set<MovedSegment>();
    public DbSet<Participant> Participants => Set<Participant>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<ContactPerson> ContactPeople => Set<ContactPerson>();
    public DbSet<OwnRecordingsLink> OwnRecordingsLinks => Set<OwnRecordingsLink>();
    public DbSet<ConsentRecord> ConsentRecords => Set<ConsentRecord>();
    public DbSet<ConsentEvidence> ConsentEvidence => Set<ConsentEvidence>();
    public DbSet<EvidenceRecord> EvidenceRecords => Set<EvidenceRecord>();
    public DbSet<ConsentText> ConsentTexts => Set<ConsentText>();
    public DbSet<ConsentState> ConsentStates => Set<ConsentState>();
    public DbSet<ErasureRequest> ErasureRequests => Set<ErasureRequest>();
    public DbSet<ConsentRule> ConsentRules => Set<ConsentRule>();
    public DbSet<ConsentRegion> ConsentRegions => Set<ConsentRegion>();
    public DbSet<ConsentReason> ConsentReasons => Set<ConsentReason>();
    public DbSet<ConsentTask> ConsentTasks => Set<ConsentTask>();
    public DbSet<Upload> Uploads => Set<Upload>();
    public DbSet<UploadSegment> UploadSegments => Set<UploadSegment>();
    public DbSet<EndedUpload> EndedUploads => Set<EndedUpload>();
    public DbSet<Release> Releases => Set<Release>();
    public DbSet<PlayPosition> PlayPositions => Set<PlayPosition>();
    public DbSet<Share> Shares => Set<Share>();
    public DbSet<Viewing> Viewings => Set<Viewing>();
    public DbSet<ConsentRequest> ConsentRequests => Set<ConsentRequest>();
    public DbSet<ConsentReceipt> ConsentReceipts => Set<ConsentReceipt>();
    public DbSet<PackageExport> PackageExports => Set<PackageExport>();
    public DbSet<PackageExportItem> PackageExportItems => Set<PackageExportItem>();
    public DbSet<EverythingRun> EverythingRuns => Set<EverythingRun>();
    public DbSet<Operator> Operators => Set<Operator>();
    public DbSet<OperatorSession> OperatorSessions => Set<OperatorSession>();
    public DbSet<OperatorPasskey> OperatorPasskeys => Set<OperatorPasskey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Runs when the running transaction is committed, and not when it is rolled back. What is lost by a crash in between, a sweep must find.</summary>
    /// <exception cref="InvalidOperationException">No transaction is running.</exception>
    public void AfterCommit(Action act)
    {
        if (Database.CurrentTransaction is null)
            throw new InvalidOperationException("What follows a commit is said inside the transaction.");
        afterCommit.Add(act);
    }

    /// <summary>The transaction is over: whoever waited for its commit is called, or forgotten.</summary>
    public void EndTransaction(bool isCommitted)
    {
        var waiting = afterCommit.ToList();
        afterCommit.Clear();
        if (isCommitted)
            waiting.ForEach(act => act());
    }

    /// <summary>What was overwritten or deleted leaves the database's own log too, as far as its readers let it; where another engine keeps one, its expiry is what whoever runs the vault has set.</summary>
    public virtual Task ShortenLogAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        GuardTenant();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        GuardTenant();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("MemberClaims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("MemberLogins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("MemberTokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("MemberPasskeys");
        builder.ApplyConfigurationsFromAssembly(typeof(VaultDbContext).Assembly);
        foreach (var type in builder.Model.GetEntityTypes().Where(type => type.ClrType.IsAssignableTo(typeof(ITenantOwned))).ToList())
            typeof(VaultDbContext).GetMethod(nameof(FilterByTenant), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
                .MakeGenericMethod(type.ClrType).Invoke(this, [builder]);
        SnakeCase.Apply(builder.Model);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<SealedText>().HaveConversion<SealedTextConverter>();
        configurationBuilder.Properties<UsageTag>().HaveConversion<UsageTagConverter>().HaveMaxLength(32);
    }

    private void FilterByTenant<T>(ModelBuilder builder)
        where T : class, ITenantOwned => builder.Entity<T>().HasQueryFilter(TenantFilter, row => row.TenantId == TenantId);

    private void GuardTenant()
    {
        ChangeTracker.DetectChanges();
        foreach (var entry in ChangeTracker.Entries<ITenantOwned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && entry.Entity.TenantId != TenantId)
                throw new InvalidOperationException($"A row of another tenant ({entry.Metadata.ClrType.Name}) was about to be saved.");
        }
    }
}
