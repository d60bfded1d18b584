using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Recordings.Disposing;
using RecordingVault.Server.Features.Recordings.Editing;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Recordings.Labels;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

internal static class RecordingsFeature
{
    private const string SearchReleasesNothing = "It looks through words and answers with what the list shows: it changes nothing, and no content leaves.";

    public static IServiceCollection AddRecordings(this IServiceCollection services)
    {
        services.AddSingleton<Cursors>();
        services.AddScoped<RecordingCreation>();
        services.AddSingleton<RecordingSweep>();
        services.AddScoped<RecordingReading>();
        services.AddScoped<ManifestChanges>();
        services.AddScoped<ManifestRestating>();
        services.AddScoped<RecordingRemoval>();
        services.AddScoped<ListRecordings.RecordingList>();
        services.AddScoped<LibraryRows>();
        services.AddScoped<LibraryTiles>();
        services.AddSingleton(SearchLimits.Default);
        services.AddSingleton<SearchIndex>();
        services.AddHostedService<SearchIndexExpiry>();
        services.AddScoped<FoldedNames>();
        services.AddScoped<TitleOrder>();
        services.AddScoped<SaidWords>();
        services.AddScoped<RecordingSearch>();
        services.AddScoped<FoundLines>();
        services.AddScoped<IRecordingRows, SearchRows>();
        services.AddScoped<RecordingChange>();
        services.AddScoped<RecordingLabelling>();
        services.AddScoped<UsageReading>();
        services.AddScoped<SignedFronts>();
        services.AddScoped<UsagePages>();
        services.AddScoped<RecordingTagging>();
        services.AddApprovals();
        services.AddScoped<IRecordingRows, AssetMarksRows>();
        services.AddScoped<RecordingTrash>();
        services.AddScoped<DispositionReading>();
        services.AddScoped<DispositionBook>();
        services.AddScoped<CertificateReading>();
        services.AddScoped<RecordingDestruction>();
        services.AddScoped<TrashEmptying>();
        services.AddScoped<RecordingTitles>();
        services.AddScoped<ITargetNames>(provider => provider.GetRequiredService<RecordingTitles>());
        services.AddScoped<ChosenRecordings>();
        services.AddScoped<IWaitingThings, WaitingFailures>();
        services.AddScoped<Duplicates>();
        services.AddScoped<ITileDetails>(provider => provider.GetRequiredService<Duplicates>());
        return services;
    }

    public static IEndpointRouteBuilder MapRecordings(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/recordings").RequireAuthorization(Policies.ViewRecordings).WithTags("Recordings");
        routes.MapGet("/", ShowLibrary.Handle).RequireAuthorization(Policies.ViewRecordings);
        routes.MapGet("/search", SearchLibrary.Show).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/search", SearchLibrary.Handle).RequireAuthorization(Policies.ViewRecordings).Audited("content.released");
        routes.MapPost("/recordings/{id:guid}/title", RenameByForm.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.changed");
        routes.MapPost("/recordings/chosen/label", ChosenByForm.Label).RequireAuthorization(Policies.Contribute).Audited("recording.labelled");
        routes.MapPost("/recordings/chosen/trash", ChosenByForm.Trash).RequireAuthorization(Policies.Contribute).Audited("recording.trashed");
        routes.MapGet("/recordings/{id:guid}/edit", EditRecording.Show).RequireAuthorization(Policies.Contribute);
        routes.MapPost("/recordings/{id:guid}/edit", EditRecording.Change).RequireAuthorization(Policies.Contribute).Audited("recording.changed");
        routes.MapPost("/recordings/{id:guid}/label", ChangeLabel.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.labelled");
        routes.MapGet("/recordings/{id:guid}/use", ChangeUsage.Show).RequireAuthorization(Policies.ViewRecordings);
        routes.MapPost("/recordings/{id:guid}/use", ChangeUsage.HandleForm).RequireAuthorization(Policies.Contribute).Audited(RecordingTagging.Tightened);
        routes.MapPost("/recordings/chosen/use", ChosenByForm.Use).RequireAuthorization(Policies.Contribute).Audited(RecordingTagging.Tightened);
        routes.MapGet("/trash", ShowTrash.Handle).RequireAuthorization(Policies.ViewRecordings);
        routes.MapGet(EmptyTrash.Path, EmptyTrash.Show).RequireAuthorization(Policies.DestroyByHand, Policies.InPerson);
        routes.MapPost(EmptyTrash.Path, EmptyTrash.Handle).RequireAuthorization(Policies.DestroyByHand, Policies.InPerson).Audited("recording.destruction-begun");
        routes.MapPost("/recordings/{id:guid}/trash", TrashRecording.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.trashed");
        routes.MapPost("/recordings/{id:guid}/restore", RestoreRecording.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.restored");
        routes.MapPost("/recordings/{id:guid}/keep-both", KeepBoth.HandleForm).RequireAuthorization(Policies.Contribute).Audited("recording.kept-both");
        api.MapDelete("/{id:guid}", TrashRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.trashed");
        api.MapPost("/{id:guid}/destruction", DestroyNow.Handle).NeedsFreshSignIn().RequireAuthorization(Policies.DestroyByHand, Policies.InPerson).Audited("recording.destruction-begun");
        api.MapPost("/{id:guid}/restore", RestoreRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.restored");
        api.MapPost("/{id:guid}/keep-both", KeepBoth.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.kept-both");
        api.MapGet("/", ListRecordings.Handle);
        api.MapPost("/search", SearchRecordings.Handle).NotAudited(SearchReleasesNothing);
        api.MapGet("/{id:guid}", GetRecording.Handle);
        api.MapPost("/", CreateRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.created");
        api.MapPatch("/{id:guid}", ChangeRecording.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.changed");
        api.MapPut("/{id:guid}/label", ChangeLabel.Handle).RequireAuthorization(Policies.Contribute).Audited("recording.labelled");
        api.MapGet("/{id:guid}/usage", ChangeUsage.Read);
        api.MapPut("/{id:guid}/usage", ChangeUsage.Handle).RequireAuthorization(Policies.Contribute).Audited(RecordingTagging.Tightened);
        routes.MapCertificates();
        return routes.MapApprovals();
    }
}
