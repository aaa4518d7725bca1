/**
 * Names of what spans say, of OpenTelemetry's semantic conventions 1.37. Those of messaging and of generative AI are still in
 * development there: a change of them is a change of this file.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 * https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
export const ATTRIBUTES = {
  errorType: 'error.type',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  peer: 'server.address',
  messagingOperation: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingId: 'messaging.message.id',
  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiRequestModel: 'gen_ai.request.model',
  genAiMaxTokens: 'gen_ai.request.max_tokens',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  genAiTool: 'gen_ai.tool.name',
} as const;

/** Values of {@link ATTRIBUTES.genAiOperation}, by what we call it. */
export const GEN_AI_OPERATIONS = { chat: 'chat', embedding: 'embeddings', tool: 'execute_tool' } as const;
