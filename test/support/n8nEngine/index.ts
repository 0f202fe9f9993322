export { N8nEngine, type EngineOutput, type EngineRun } from './n8nEngine';
