/** The variable by which a test tells the program which release of the application to deploy. */
export const RELEASE_VARIABLE = 'ARMATURE_TEST_RELEASE';
